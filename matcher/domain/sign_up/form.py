"""Which questions a programme's sign-up form asks: never one whose answer nothing uses."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Self

from matcher.domain.errors import Invalid, Problem
from matcher.domain.people import Role
from matcher.domain.policy.parameters import unknown
from matcher.domain.policy.policy import Policy
from matcher.domain.sentences import say

FORMAT = "ask"


class Asking(StrEnum):
    """Whether a question is asked, and whether it must be answered."""

    OFF = "off"
    OPTIONAL = "optional"
    NEEDED = "needed"


@dataclass(frozen=True, kw_only=True)
class FormQuestion:
    """A question and the fields of the form that answer it.

    fixed: asked as it is, whatever the programme says. criterion: only asked while the policy uses it.
    pairs, circles: only asked where there are mentors and mentees, or circles. consent: an answer needs its
    own yes.
    """

    name: str
    fields: tuple[str, ...]
    asking: Asking = Asking.OPTIONAL
    fixed: bool = False
    criterion: str = ""
    pairs: bool = False
    circles: bool = False
    consent: bool = False

    def fits(self, policy: Policy) -> bool:
        """Whether the matching under this policy can use an answer."""
        used = {use.name for use in policy.criteria if use.weight}
        criterion = not self.criterion or (policy.pairs and self.criterion in used)
        return criterion and (policy.pairs or not self.pairs) and (policy.circles.on or not self.circles)


def _fixed(name: str, *fields: str, asking: Asking = Asking.NEEDED, pairs: bool = False) -> FormQuestion:
    return FormQuestion(name=name, fields=fields or (name,), asking=asking, fixed=True, pairs=pairs)


_QUESTIONS = (
    _fixed("roles"),
    _fixed("capacity", asking=Asking.OPTIONAL, pairs=True),
    FormQuestion(name="mentors_wanted", fields=("mentors_wanted",), pairs=True),
    FormQuestion(name="most_load", fields=("most_load",)),
    FormQuestion(
        name="topics",
        fields=("topics_sought", "topics_sought_own", "topics_offered", "topics_offered_own"),
        asking=Asking.NEEDED,
        pairs=True,
    ),
    FormQuestion(name="goals", fields=("goals",)),
    _fixed("hours"),
    _fixed("zone"),
    _fixed("name"),
    FormQuestion(name="function", fields=("function",), asking=Asking.NEEDED),
    FormQuestion(name="department", fields=("department",)),
    FormQuestion(name="site", fields=("site",)),
    FormQuestion(name="grade", fields=("grade",)),
    FormQuestion(name="grade_wish", fields=("grade_wish",), criterion="grade_wish"),
    _fixed("languages", "languages", "languages_own"),
    FormQuestion(name="wishes", fields=("wishes",), criterion="wishes"),
    # Nobody may be made to meet somebody they must not meet: no programme can take this question away.
    _fixed("not_with", asking=Asking.OPTIONAL),
    FormQuestion(name="duties", fields=("duties_declined",), circles=True),
    FormQuestion(name="experienced", fields=("experienced",), circles=True),
    FormQuestion(
        name="identity",
        fields=("identity_wish", "characteristics", "identity_consent"),
        criterion="identity",
        consent=True,
    ),
)

QUESTIONS: Mapping[str, FormQuestion] = {question.name: question for question in _QUESTIONS}
"""Every question by its name, in the order of the form."""

NEVER_NEEDED = frozenset({"wishes", "duties", "experienced", "identity", "most_load"})
"""Questions nobody may be pressed to answer."""


@dataclass(frozen=True, kw_only=True)
class FormSettings:
    """What a programme says about its questions; what it does not mention is asked as usual.

    Raises Invalid for an unknown question, and for one that must be asked as it is.
    """

    ask: Mapping[str, Asking] = field(default_factory=dict)

    def __post_init__(self) -> None:
        problems = tuple(_faults(self.ask))
        if problems:
            raise Invalid(problems)
        object.__setattr__(self, "ask", MappingProxyType(dict(self.ask)))

    def to_data(self) -> dict[str, Any]:
        """JSON-able; `from_data` is the inverse."""
        return {FORMAT: {name: asking.value for name, asking in self.ask.items()}}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The settings as stored or sent; an empty object asks everything as usual. Raises Invalid."""
        ask = data.get(FORMAT, {})
        if not isinstance(ask, Mapping):
            raise Invalid((Problem(pointer=f"/{FORMAT}", sentence=say("Say for each question how to ask.")),))
        words = {asking.value for asking in Asking}
        wrong = [name for name, said in ask.items() if said not in words]
        if wrong:
            sentence = say("Ask this as one of: off, optional, needed.")
            raise Invalid(tuple(Problem(pointer=f"/{FORMAT}/{name}", sentence=sentence) for name in wrong))
        return cls(ask={str(name): Asking(said) for name, said in ask.items()})

    def asked(self, policy: Policy) -> "AskedQuestions":
        """The questions this programme asks under this policy."""
        asking = {
            question.name: self.ask.get(question.name, question.asking)
            for question in QUESTIONS.values()
            if question.fits(policy)
        }
        asked = {name: how for name, how in asking.items() if how is not Asking.OFF}
        return AskedQuestions(asking=asked, roles=policy.roles)


@dataclass(frozen=True, kw_only=True)
class AskedQuestions:
    """The questions of one form, in its order; which of them must be answered; the roles there are."""

    asking: Mapping[str, Asking]
    roles: tuple[Role, ...] = tuple(Role)

    def __contains__(self, question: str) -> bool:
        return question in self.asking

    def needs(self, question: str) -> bool:
        """Whether the question is asked and must be answered."""
        return self.asking.get(question) is Asking.NEEDED

    @property
    def fields(self) -> frozenset[str]:
        """The fields the form has."""
        return frozenset(name for question in self.asking for name in QUESTIONS[question].fields)

    def topics_of(self, roles: Iterable[Role]) -> tuple[str, ...]:
        """The lists of topics that must not be empty for somebody in these roles."""
        if not self.needs("topics"):
            return ()
        for_role = {Role.MENTEE: "topics_sought", Role.MENTOR: "topics_offered"}
        return tuple(name for role, name in for_role.items() if role in set(roles))


def _faults(ask: Mapping[str, Asking]) -> Iterator[Problem]:
    for name, asking in ask.items():
        pointer = f"/{FORMAT}/{name}"
        if name not in QUESTIONS:
            yield Problem(pointer=pointer, sentence=unknown(name, list(QUESTIONS), kind=say("question")))
        elif QUESTIONS[name].fixed and asking is not QUESTIONS[name].asking:
            yield Problem(pointer=pointer, sentence=say("This question is always asked, as it is."))
        elif name in NEVER_NEEDED and asking is Asking.NEEDED:
            yield Problem(pointer=pointer, sentence=say("Nobody has to answer this; ask it as optional."))


USUAL = FormSettings().asked(Policy())
"""What a programme asks that says nothing about it, under the usual policy."""
