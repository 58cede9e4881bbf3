"""A programme as its card and its page show it, by the state of its present cycle."""

from dataclasses import dataclass
from uuid import UUID

from matcher.domain.lifecycle import CycleState
from matcher.store.page_queries import CycleLine, ProgrammeLine
from web.pages.road import Stop, road
from web.pages.words import day, short_day

PAGE = "participant.cycle"
MATCHED = {CycleState.PUBLISHED, CycleState.RUNNING, CycleState.COMPLETED, CycleState.ARCHIVED}
WORKING = {CycleState.CLOSED, CycleState.REVIEW}

ASKED = (
    (
        "Name, function, site, level",
        "to find somebody you do not meet anyway",
        "organisers; your match, once published",
    ),
    ("Topics and goals", "to find somebody who can help, or whom you can help", "organisers; your match"),
    ("Hours and time zone", "so that you can meet at all", "your match sees only the hours you share"),
    ("Languages", "so that you can talk", "organisers; your match"),
    ("“I would like to meet …”", "a wish makes a pair better", "nobody; organisers see how many there are"),
    ("“Please not with …”", "it will simply not happen", "nobody; organisers see “blocked”, without names"),
)
"""What the form asks: what, why, who sees it."""


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
        none = ("There is no open cycle at the moment.", "When the next one opens, you can sign up here.")
        return ProgrammeView(
            slug=programme.slug, name=programme.name, tag="", sentences=none, act="", act_page=PAGE, road=()
        )
    tag, sentences, act, act_page = said(cycle, enrolled=enrolled)
    return ProgrammeView(
        slug=programme.slug,
        name=programme.name,
        tag=f"{cycle.name} · {tag}",
        sentences=sentences,
        act=act,
        act_page=act_page,
        road=road(cycle, sessions),
        open=cycle.state is CycleState.OPEN,
        may_leave=enrolled and cycle.state not in {CycleState.COMPLETED, CycleState.ARCHIVED},
    )


def said(cycle: CycleLine, *, enrolled: bool) -> tuple[str, tuple[str, ...], str, str]:
    """The tag, the sentences, and what to do next with the page (its route's name) it leads to."""
    if cycle.state is CycleState.OPEN and enrolled:
        return (
            f"open until {short_day(cycle.closes_on)}",
            (
                "You are signed up.",
                f"You can change everything until {day(cycle.closes_on)}, and leave any time.",
            ),
            "Change my answers",
            "participant.sign_up",
        )
    if cycle.state is CycleState.OPEN:
        return (
            f"open until {short_day(cycle.closes_on)}",
            (
                "Be a mentor, a mentee, part of a peer circle, or all three.",
                "You can change everything until sign-up closes, and leave at any time.",
            ),
            "Sign up",
            "participant.sign_up",
        )
    if cycle.state in WORKING:
        return (
            "matching",
            (f"Sign-up is closed. Introductions arrive by {day(cycle.starts_on)}.",),
            *look_or_match(enrolled=enrolled),
        )
    out = "The matches are out." if enrolled else "This cycle is under way. The next one is announced here."
    return (
        "introductions are out" if cycle.state in MATCHED else cycle.state.value,
        (out,),
        *look_or_match(enrolled=enrolled),
    )


def look_or_match(*, enrolled: bool) -> tuple[str, str]:
    """What to do next once sign-up is over, and the page it leads to."""
    return ("My match", "participant.my_match") if enrolled else ("Look at the programme", PAGE)
