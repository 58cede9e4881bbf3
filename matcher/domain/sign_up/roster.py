"""What a list of people changes: for each of them what stood there and what will, and who is not listed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from matcher.domain.people import Answers, EnrolmentState, Person


@dataclass(frozen=True, kw_only=True)
class Enrolled:
    """Somebody's present part in a cycle, as a list finds it; `version` counts its changes."""

    id: UUID
    state: EnrolmentState
    answers: Answers
    version: int


@dataclass(frozen=True, kw_only=True)
class RosterStep:
    """One person of a list.

    before: the person as stored, None for somebody new. fields: what is written about the person. enrolled:
    the present enrolment; answers: what it will say, None where the list gives no role. manager: an address.
    """

    email: str
    name: str
    before: Person | None
    fields: Mapping[str, Any] = field(default_factory=dict)
    manager: str | None = None
    enrolled: Enrolled | None = None
    answers: Answers | None = None

    @property
    def new(self) -> bool:
        """Nobody had this address so far."""
        return self.before is None

    @property
    def changed(self) -> tuple[str, ...]:
        """The names of what would be written differently; empty for somebody new."""
        if self.before is None:
            return ()
        about = tuple(name for name, value in self.fields.items() if getattr(self.before, name) != value)
        if self.answers is None or (self.enrolled is not None and self.enrolled.answers == self.answers):
            return about
        return (*about, "answers" if self.enrolled else "enrolment")

    @property
    def stays_out(self) -> bool:
        """They left or paused by themselves: a list does not bring them back."""
        return self.enrolled is not None and self.enrolled.state is not EnrolmentState.ACTIVE


@dataclass(frozen=True, kw_only=True)
class Roster:
    """The whole list. leavers: enrolled, active and not on it; only where the list is the full roster."""

    steps: tuple[RosterStep, ...]
    leavers: tuple[Person, ...] = ()

    @property
    def new(self) -> tuple[RosterStep, ...]:
        """Those whom nobody knew."""
        return tuple(step for step in self.steps if step.new)

    @property
    def changes(self) -> tuple[RosterStep, ...]:
        """Those known, of whom something would be written differently."""
        return tuple(step for step in self.steps if step.changed)

    @property
    def unchanged(self) -> int:
        """How many stay exactly as they are."""
        return len(self.steps) - len(self.new) - len(self.changes)
