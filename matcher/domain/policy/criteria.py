"""The criteria: each gives a pair a share of its points, and words for it.

The share is an exact fraction, so that `points * share`, cut to a whole number, is what the solver adds up.
`matcher.problem.encoding` holds the second form of each, for all pairs at once; a test proves they agree.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from matcher.domain.facts import Facts
from matcher.domain.people import GRADE_WISHES, Profile, key, overlap
from matcher.domain.policy.parameters import GapTable, Parameter, Values, Whole
from matcher.domain.policy.rules import same_known
from matcher.domain.sentences import TranslatableText, say, say_many, term

Share = Callable[[Profile, Profile, Facts, Values], Fraction]
Words = Callable[[Profile, Profile, Facts, Values], TranslatableText]
NONE, ALL = Fraction(0), Fraction(1)


@dataclass(frozen=True, kw_only=True)
class PairCriterion:
    """`share(mentor, mentee, facts, params)` 0..1 of the points; `words` say why, in the plural of both.

    confidential: rests on what only its owner may read (wishes, identity), so nobody else is told.
    """

    name: str
    sentence: TranslatableText
    share: Share
    words: Words
    params: tuple[Parameter, ...] = ()
    confidential: bool = False

    def thousandths(self, mentor: Profile, mentee: Profile, facts: Facts, params: Values) -> int:
        """The share in thousandths, 0..1000, cut."""
        return int(1000 * self.share(mentor, mentee, facts, params))


def topics(mentor: Profile, mentee: Profile, facts: Facts, _params: Values) -> Fraction:
    wanted = {key(topic) for topic in mentee.answers.topics_sought}
    offered = {key(topic) for topic in mentor.answers.topics_offered}
    whole = sum(facts.rarity.get(topic, 0) for topic in wanted)
    return Fraction(sum(facts.rarity.get(topic, 0) for topic in wanted & offered), whole) if whole else NONE


def topics_words(mentor: Profile, mentee: Profile, _facts: Facts, _params: Values) -> TranslatableText:
    offered = {key(topic) for topic in mentor.answers.topics_offered}
    shared = [topic for topic in mentee.answers.topics_sought if key(topic) in offered]
    if not shared:
        return say("None of the topics sought is offered.")
    return say("Sought and offered: {topics}.", topics=tuple(term(topic) for topic in shared))


def cross_functional(mentor: Profile, mentee: Profile, _facts: Facts, _params: Values) -> Fraction:
    return NONE if same_known(mentor.person.function, mentee.person.function) else ALL


def cross_functional_words(
    mentor: Profile, mentee: Profile, facts: Facts, params: Values
) -> TranslatableText:
    if cross_functional(mentor, mentee, facts, params):
        mine, theirs = (one.person.function or "–" for one in (mentor, mentee))
        return say("Different functions: {mentor} and {mentee}.", mentor=mine, mentee=theirs)
    return say("Both work in {function}.", function=mentor.person.function)


def same_function(mentor: Profile, mentee: Profile, _facts: Facts, _params: Values) -> Fraction:
    return ALL if same_known(mentor.person.function, mentee.person.function) else NONE


def grade_gap(mentor: Profile, mentee: Profile, _facts: Facts, params: Values) -> Fraction:
    if mentor.person.grade is None or mentee.person.grade is None:
        return NONE
    return Fraction(params["table"].get(mentor.person.grade - mentee.person.grade, 0), 1000)


def grade_gap_words(mentor: Profile, mentee: Profile, _facts: Facts, _params: Values) -> TranslatableText:
    if mentor.person.grade is None or mentee.person.grade is None:
        return say("The grade of one of the two is not known.")
    gap = mentor.person.grade - mentee.person.grade
    if gap == 0:
        return say("Both are on the same grade.")
    if gap > 0:
        return say_many("The mentor is {count} grade above.", "The mentor is {count} grades above.", gap)
    return say_many("The mentor is {count} grade below.", "The mentor is {count} grades below.", -gap)


def grade_wish(mentor: Profile, mentee: Profile, _facts: Facts, _params: Values) -> Fraction:
    """All where no level is wished: anybody is welcome."""
    wish = mentee.answers.grade_wish
    if not wish:
        return ALL
    if mentor.person.grade is None or mentee.person.grade is None:
        return NONE
    least, most = GRADE_WISHES[wish]
    return ALL if least <= mentor.person.grade - mentee.person.grade <= most else NONE


def shared_hours(mentor: Profile, mentee: Profile, _facts: Facts, params: Values) -> Fraction:
    return Fraction(
        min(overlap(mentor.answers.week, mentee.answers.week) // 30, _slots(params)), _slots(params)
    )


def shared_hours_words(mentor: Profile, mentee: Profile, _facts: Facts, _params: Values) -> TranslatableText:
    minutes = overlap(mentor.answers.week, mentee.answers.week)
    hours = f"{minutes // 60 or ''}½" if minutes % 60 else str(minutes // 60)
    return say_many(
        "{hours} hour a week in common.",
        "{hours} hours a week in common.",
        1 if minutes == 60 else 2,
        hours=hours,
    )


def _slots(params: Values) -> int:
    return int(params["most"]) // 30


def languages(mentor: Profile, mentee: Profile, _facts: Facts, params: Values) -> Fraction:
    return Fraction(min(len(_shared_languages(mentor, mentee)), params["most"]), params["most"])


def languages_words(mentor: Profile, mentee: Profile, _facts: Facts, _params: Values) -> TranslatableText:
    shared = _shared_languages(mentor, mentee)
    if not shared:
        return say("No language in common.")
    return say("Both speak {languages}.", languages=tuple(term(language) for language in shared))


def _shared_languages(mentor: Profile, mentee: Profile) -> list[str]:
    known = {key(language) for language in mentor.person.languages}
    spoken = {key(language): language for language in mentee.person.languages}
    return [spoken[one] for one in spoken if one in known]


def same_site(mentor: Profile, mentee: Profile, _facts: Facts, _params: Values) -> Fraction:
    return ALL if same_known(mentor.person.site, mentee.person.site) else NONE


def wishes(mentor: Profile, mentee: Profile, _facts: Facts, _params: Values) -> Fraction:
    """Half for a wish of one side, all for a mutual one."""
    return Fraction((mentor.id in mentee.answers.wishes) + (mentee.id in mentor.answers.wishes), 2)


def wishes_words(mentor: Profile, mentee: Profile, facts: Facts, params: Values) -> TranslatableText:
    return (
        say("Nobody wished for the other."),
        say("One wished for the other."),
        say("Each wished for the other."),
    )[int(2 * wishes(mentor, mentee, facts, params))]


def identity(mentor: Profile, mentee: Profile, _facts: Facts, _params: Values) -> Fraction:
    wish = key(mentee.answers.identity_wish)
    return ALL if wish and wish in {key(one) for one in mentor.answers.characteristics} else NONE


def either(yes: TranslatableText, no: TranslatableText, share: Share) -> Words:
    """Words for a criterion that holds or does not."""

    def words(mentor: Profile, mentee: Profile, facts: Facts, params: Values) -> TranslatableText:
        return yes if share(mentor, mentee, facts, params) else no

    return words


_CRITERIA = (
    PairCriterion(
        name="topics",
        sentence=say("What the mentee seeks is what the mentor offers; rare topics count more."),
        share=topics,
        words=topics_words,
    ),
    PairCriterion(
        name="cross_functional",
        sentence=say("The two work in different functions."),
        share=cross_functional,
        words=cross_functional_words,
    ),
    PairCriterion(
        name="same_function",
        sentence=say("The two work in the same function."),
        share=same_function,
        words=either(
            say("Both work in the same function."), say("They work in different functions."), same_function
        ),
    ),
    PairCriterion(
        name="grade_gap",
        sentence=say("The mentor is the wanted number of grades above."),
        share=grade_gap,
        words=grade_gap_words,
        params=(GapTable(name="table", default={1: 800, 2: 1000, 3: 800, 4: 500}),),
    ),
    PairCriterion(
        name="grade_wish",
        sentence=say("The mentor is on the level the mentee asked for."),
        share=grade_wish,
        words=either(
            say("The mentor is on a level the mentee asked for."),
            say("The mentor is on another level than the mentee asked for."),
            grade_wish,
        ),
    ),
    PairCriterion(
        name="shared_hours",
        sentence=say("The two have many free hours in common."),
        share=shared_hours,
        words=shared_hours_words,
        params=(Whole(name="most", least=30, most=10_080, default=600),),
    ),
    PairCriterion(
        name="languages",
        sentence=say("The two speak more than one common language."),
        share=languages,
        words=languages_words,
        params=(Whole(name="most", least=1, most=10, default=2),),
    ),
    PairCriterion(
        name="same_site",
        sentence=say("The two work at the same site."),
        share=same_site,
        words=either(say("Both work at the same site."), say("They work at different sites."), same_site),
    ),
    PairCriterion(
        name="wishes",
        sentence=say("One asked for the other, or both did."),
        share=wishes,
        words=wishes_words,
        confidential=True,
    ),
    PairCriterion(
        name="identity",
        sentence=say("The mentor shares what the mentee asked for."),
        share=identity,
        words=either(
            say("The wish to share an identity is met."),
            say("The wish to share an identity is not met, or none was said."),
            identity,
        ),
        confidential=True,
    ),
)

CRITERIA: Mapping[str, PairCriterion] = {criterion.name: criterion for criterion in _CRITERIA}
"""Every criterion by its name."""
