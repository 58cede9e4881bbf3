"""A programme as its card and its page show it, by the state of its present cycle."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from matcher.domain.lifecycle import CycleState
from matcher.domain.people import Role
from matcher.domain.policy.policy import Policy
from matcher.services.cycle.lists import CycleLine, ProgrammeLine
from web.language import N_, _
from web.parts.road import Stop, road
from web.parts.words import day, short_day

PAGE = "participant.cycle"
MATCHED = {CycleState.PUBLISHED, CycleState.RUNNING, CycleState.COMPLETED, CycleState.ARCHIVED}
WORKING = {CycleState.CLOSED, CycleState.REVIEW}


@dataclass(frozen=True, kw_only=True)
class ProgrammeView:
    """A programme's words and the one thing to do next."""

    slug: str
    name: str
    tag: str
    sentences: tuple[str, ...]
    act: str
    act_page: str
    road: tuple[Stop, ...]
    open: bool = False
    may_leave: bool = False
    about: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The first sentence, for a card."""
        return self.sentences[0]


def cards(shown: tuple[ProgrammeLine, ...], mine: frozenset[UUID]) -> tuple[ProgrammeView, ...]:
    """A card for each programme that has a cycle to show."""
    return tuple(view(line, enrolled=line.cycle.id in mine) for line in shown if line.cycle)


def view(programme: ProgrammeLine, *, enrolled: bool, sessions: int = 6) -> ProgrammeView:
    """The programme as this person sees it."""
    cycle = programme.cycle
    if cycle is None:
        none = (
            _("There is no open cycle at the moment."),
            _("When the next one opens, you can sign up here."),
        )
        return ProgrammeView(
            slug=programme.slug,
            name=programme.name,
            about=paragraphs(programme.about),
            tag="",
            sentences=none,
            act="",
            act_page=PAGE,
            road=(),
        )
    policy = Policy.from_data(programme.policy) if programme.policy else Policy()
    tag, sentences, act, act_page = said(cycle, policy.roles, enrolled=enrolled)
    return ProgrammeView(
        slug=programme.slug,
        name=programme.name,
        tag=f"{cycle.name} · {tag}",
        sentences=sentences,
        act=act,
        act_page=act_page,
        road=road(cycle, sessions),
        open=cycle.state is CycleState.OPEN,
        about=paragraphs(programme.about),
        may_leave=enrolled and cycle.state not in {CycleState.COMPLETED, CycleState.ARCHIVED},
    )


def paragraphs(text: str) -> tuple[str, ...]:
    """A text as its paragraphs, which blank lines part."""
    return tuple(part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip())


BE: Mapping[frozenset[Role], str] = {
    frozenset(Role): N_("Be a mentor, a mentee, part of a peer circle, or all three."),
    frozenset({Role.MENTOR, Role.MENTEE}): N_("Be a mentor, a mentee, or both."),
    frozenset({Role.PEER}): N_("Be one of the peers, who help each other as equals."),
}
"""What one can be, by the roles a programme has."""


def said(
    cycle: CycleLine, roles: tuple[Role, ...], *, enrolled: bool
) -> tuple[str, tuple[str, ...], str, str]:
    """The tag, the sentences, and what to do next with the page (its route's name) it leads to."""
    if cycle.state is CycleState.OPEN and enrolled:
        return (
            _("open until %(day)s", day=short_day(cycle.closes_on)),
            (
                _("You are signed up."),
                _("You can change everything until %(day)s, and leave any time.", day=day(cycle.closes_on)),
            ),
            _("Change my answers"),
            "sign_up.form",
        )
    if cycle.state is CycleState.OPEN:
        return (
            _("open until %(day)s", day=short_day(cycle.closes_on)),
            (
                _(BE[frozenset(roles)]),
                _("You can change everything until sign-up closes, and leave at any time."),
            ),
            _("Sign up"),
            "sign_up.form",
        )
    if cycle.state in WORKING:
        return (
            _("matching"),
            (_("Sign-up is closed. Introductions arrive by %(day)s.", day=day(cycle.starts_on)),),
            *look_or_match(enrolled=enrolled),
        )
    out = (
        _("The matches are out.")
        if enrolled
        else _("This cycle is under way. The next one is announced here.")
    )
    return (
        _("introductions are out") if cycle.state in MATCHED else _(cycle.state.value),
        (out,),
        *look_or_match(enrolled=enrolled),
    )


def look_or_match(*, enrolled: bool) -> tuple[str, str]:
    """What to do next once sign-up is over, and the page it leads to."""
    return (_("My match"), "my_cycle.overview") if enrolled else (_("Look at the programme"), PAGE)
