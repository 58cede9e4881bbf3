"""A cycle as lists show it: its name, its state, and its days."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from matcher.domain.lifecycle import CycleState, words
from matcher.services.cycle.lists import CycleLine
from web.language import _, in_words
from web.parts.words import day, short_day

TONES = {
    CycleState.DRAFT: "",
    CycleState.OPEN: "on",
    CycleState.CLOSED: "warm",
    CycleState.REVIEW: "warm",
    CycleState.PUBLISHED: "good",
    CycleState.RUNNING: "good",
    CycleState.CANCELLED: "stop",
}


@dataclass(frozen=True, kw_only=True)
class CycleRow:
    """A cycle in the list."""

    id: UUID
    name: str
    state: str
    tone: str
    sign_up: str
    meetings: str


def row(line: CycleLine) -> CycleRow:
    """A cycle as the list shows it."""
    return CycleRow(
        id=line.id,
        name=line.name,
        state=in_words(words(line.state)),
        tone=TONES.get(line.state, ""),
        sign_up=span(line.opens_on, line.closes_on),
        meetings=span(line.starts_on, line.ends_on),
    )


def span(first: date, last: date) -> str:
    """From a day to another, the year once."""
    return _("%(first)s to %(last)s", first=short_day(first), last=day(last))
