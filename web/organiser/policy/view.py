"""The policy editor: every setting with a sentence of what it does, a preview, and all versions."""

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.domain.policy.criteria import CRITERIA
from matcher.domain.policy.parameters import Whole
from matcher.domain.policy.policy import MODES, Policy
from matcher.domain.policy.rules import RULES
from matcher.domain.sentences import TranslatableText
from matcher.schemas.policy_form import values_of
from matcher.services.forecast.options import Chances
from matcher.services.programme.policies import Version
from web.forms import Form, anchor_of
from web.language import _, in_words, ngettext
from web.organiser.forecast.view import ChancesView
from web.organiser.forecast.view import chances as chances_of
from web.parts.words import moment


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
        (f"{name}-{one.name}", in_words(one.label), one.least, one.most)
        for one in rule.params
        if isinstance(one, Whole) and one.label is not None
    )
    said = {one.name: form.one(f"{name}-{one.name}") or "…" for one in rule.params}
    return RuleField(
        name=name,
        label=in_words(rule.title),
        sentence=in_words(rule.says(said)),
        fixed=rule.always,
        on=rule.always or form.has("rule", name),
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
