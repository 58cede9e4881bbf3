"""The policy editor: every setting with a sentence of what it does, a preview, and all versions."""

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.domain.policy.criteria import CRITERIA
from matcher.domain.policy.parameters import Whole
from matcher.domain.policy.policy import MODES, Policy
from matcher.domain.policy.rules import RULES
from matcher.domain.sentences import TranslatableText
from matcher.schemas.policy_form import FIXED, values_of
from matcher.services.forecast.options import Chances
from matcher.services.programme.policies import Version
from web.forms import Form, anchor_of
from web.language import N_, _, in_words, ngettext
from web.organiser.forecast.view import ChancesView
from web.organiser.forecast.view import chances as chances_of
from web.parts.words import moment

NUMBERS = {
    "least": N_("Minutes a week"),
    "minutes": N_("Minutes"),
    "lowest": N_("Grades at least"),
    "highest": N_("Grades at most"),
    "cycles": N_("Cycles"),
}
"""What the numbers of rules are called."""

WORDS = {
    "same_person": N_("Nobody is their own mentor"),
    "reporting_line": N_("Outside the reporting line"),
    "shared_language": N_("A common language"),
    "shared_hours": N_("Enough free hours in common"),
    "shared_session": N_("Time for a whole session"),
    "grade_gap": N_("The mentor is some grades above"),
    "not_blocked": N_("Nobody they asked not to meet"),
    "no_repeat": N_("No partner again"),
    "different_function": N_("Different functions"),
    "different_department": N_("Different departments"),
}
"""Short names of the hard rules; the sentence beside each says what it does."""


@dataclass(frozen=True, kw_only=True)
class RuleField:
    """A hard rule to tick, with its numbers: (field, label, least, most). fixed: it always holds."""

    name: str
    label: str
    sentence: str
    fixed: bool
    on: bool
    numbers: tuple[tuple[str, str, int, int], ...]


@dataclass(frozen=True, kw_only=True)
class EditorView:
    """The form as it stands. seen: the version it began from; links: of the summary of problems."""

    form: Form
    seen: int
    rules: tuple[RuleField, ...]
    weights: tuple[tuple[str, TranslatableText], ...]
    modes: tuple[tuple[str, TranslatableText], ...]
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class PolicyPreview:
    """What these settings would do. names: who would have no option, the first of them."""

    chances: ChancesView
    names: tuple[str, ...]
    more: int
    circles: str


@dataclass(frozen=True, kw_only=True)
class VersionView:
    """One version; `present`: it counts now."""

    number: int
    heading: str
    who: str
    changes: tuple[TranslatableText, ...]
    present: bool


def editor(form: Form, seen: int) -> EditorView:
    """The fields, filled with what stands in the form."""
    return EditorView(
        form=form,
        seen=seen,
        rules=tuple(rule_field(name, form) for name in RULES),
        weights=tuple((f"weight-{name}", criterion.sentence) for name, criterion in CRITERIA.items()),
        modes=tuple(MODES.items()),
        links=tuple((anchor_of(problem), in_words(problem.sentence)) for problem in form.problems),
    )


def as_stored(policy: Policy) -> Form:
    """The form before anybody changes it."""
    return Form(values=values_of(policy))


def rule_field(name: str, form: Form) -> RuleField:
    """A rule with the numbers that stand in its fields."""
    rule = RULES[name]
    numbers = tuple(
        (f"{name}-{one.name}", _(NUMBERS[one.name]), one.least, one.most)
        for one in rule.params
        if isinstance(one, Whole)
    )
    said = {one.name: form.one(f"{name}-{one.name}") or "…" for one in rule.params}
    return RuleField(
        name=name,
        label=_(WORDS[name]),
        sentence=in_words(rule.says(said)),
        fixed=name in FIXED,
        on=name in FIXED or form.has("rule", name),
        numbers=numbers,
    )


def preview(found: Chances, policy: Policy) -> PolicyPreview:
    """What these settings would do to whom is signed up now."""
    names = tuple(one.person.name for one in found.few if not one.options)
    return PolicyPreview(
        chances=chances_of(found),
        names=names,
        more=found.stranded - len(names),
        circles=circles(found.peers, policy),
    )


def circles(peers: int, policy: Policy) -> str:
    """How many circles the peers come to."""
    if not policy.circles.on or not peers:
        return ""
    count = peers // policy.circles.target
    if not count:
        return _("There are too few peers for one circle so far.")
    return ngettext("The peers come to about one circle.", "The peers come to about %(num)s circles.", count)


def versions(found: Sequence[Version], zone: str) -> tuple[VersionView, ...]:
    """The newest first."""
    return tuple(
        VersionView(
            number=one.number,
            heading=_("Version %(number)s", number=one.number),
            who=_("%(when)s, by %(name)s", when=moment(one.at, zone), name=one.by)
            if one.by
            else moment(one.at, zone),
            changes=one.changes,
            present=place == 0,
        )
        for place, one in enumerate(found)
    )
