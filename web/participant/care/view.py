"""The pages for when it is hard: what can be done, said without blame."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from matcher.domain.during.parting import Afterwards
from matcher.domain.people import EnrolmentState
from matcher.services.during.care_lists import MyCycle, MyGroup
from matcher.services.help.escalations import CaseLine, HelpRequest
from matcher.services.repair.partings import Returnable
from web.forms import Form, anchor_of
from web.language import N_, _
from web.parts.words import moment

STATES = {
    "open": N_("waits for an answer"),
    "answered": N_("there is an answer for you"),
    "closed": N_("closed"),
}
HANDLED = {
    "open": N_("waits for your answer"),
    "answered": N_("you have answered"),
    "closed": N_("closed"),
}
AFTERWARDS = {
    Afterwards.REMATCH: (
        N_("Look for somebody else for me"),
        N_("You stand on the waitlist at once. You need to do nothing."),
    ),
    Afterwards.PAUSE: (
        N_("Nobody new for now"),
        N_("You take a pause. When you are ready, one click is enough."),
    ),
    Afterwards.LEAVE: (
        N_("Leave this cycle"),
        N_("Everything else you have in it ends, too. You are welcome back any time."),
    ),
}


@dataclass(frozen=True, kw_only=True)
class EndableGroup:
    """A pair or circle one could end."""

    id: UUID
    name: str


@dataclass(frozen=True, kw_only=True)
class ReturnView:
    """Something that can be taken back."""

    id: UUID
    sentence: str


@dataclass(frozen=True, kw_only=True)
class CaseView:
    """A request in a list."""

    id: UUID
    name: str
    about: str
    state: str
    when: str
    waits: bool


@dataclass(frozen=True, kw_only=True)
class CareView:
    """Everything that can be done, as it stands."""

    left: bool
    paused: bool
    over: bool
    groups: tuple[EndableGroup, ...]
    returns: tuple[ReturnView, ...]
    cases: tuple[CaseView, ...]


@dataclass(frozen=True, kw_only=True)
class MessageView:
    """One message: who, when, what."""

    mine: bool
    who: str
    when: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ThreadView:
    """A request as one of the two reads it. `about`: id, name, and whether kept apart already."""

    id: UUID
    heading: str
    state: str
    closed: bool
    may_withdraw: bool
    about: tuple[tuple[UUID, str, bool], ...]
    messages: tuple[MessageView, ...]


def view(
    cycle: MyCycle,
    groups: Sequence[MyGroup],
    returns: Sequence[Returnable],
    cases: Sequence[CaseLine],
    *,
    zone: str,
) -> CareView:
    """The first page; times in the reader's zone."""
    return CareView(
        left=cycle.enrolled is EnrolmentState.LEFT,
        paused=cycle.enrolled is EnrolmentState.PAUSED,
        over=cycle.over,
        groups=tuple(group(each) for each in groups) if cycle.under_way else (),
        returns=tuple(returnable(each, zone) for each in returns) if cycle.under_way else (),
        cases=tuple(case_line(each, STATES, zone) for each in cases),
    )


def group(line: MyGroup) -> EndableGroup:
    """A pair by the partner's name, a circle by its number."""
    name = _("Circle %(number)s", number=line.number) if line.number else line.name
    return EndableGroup(id=line.id, name=name)


def returnable(each: Returnable, zone: str) -> ReturnView:
    """What ended, and until when it can be taken back."""
    until = moment(each.until, zone)
    sentence = (
        _(
            "You have left circle %(number)s. You can take this back until %(until)s.",
            number=each.circle,
            until=until,
        )
        if each.circle
        else _(
            "Your sessions with %(name)s have ended. You can take this back until %(until)s.",
            name=each.name,
            until=until,
        )
    )
    return ReturnView(id=each.id, sentence=sentence)


def case_line(line: CaseLine, words: dict[str, str], zone: str) -> CaseView:
    """A request in a list."""
    return CaseView(
        id=line.id,
        name=line.other.name,
        about=line.programme,
        state=_(words[line.state]),
        when=moment(line.asked_at, zone),
        waits=line.waits_for_me,
    )


def handled(lines: Sequence[CaseLine], zone: str) -> tuple[CaseView, ...]:
    """A handler's list: what waits for an answer first."""
    ordered = sorted(lines, key=lambda line: not line.waits_for_me)
    return tuple(case_line(line, HANDLED, zone) for line in ordered)


def thread(case: HelpRequest, zone: str) -> ThreadView:
    """The thread for the reader."""
    words = STATES if case.asked_by_me else HANDLED
    return ThreadView(
        id=case.id,
        heading=_("You and %(name)s", name=case.other.name),
        state=_(words[case.state]),
        closed=case.closed_at is not None,
        may_withdraw=case.may_withdraw,
        about=tuple((one.id, one.name, one.id in case.kept_apart) for one in case.about),
        messages=tuple(
            MessageView(
                mine=one.mine,
                who=_("You") if one.mine else case.other.name,
                when=moment(one.at, zone),
                text=one.text,
            )
            for one in case.messages
        ),
    )


def choices() -> tuple[tuple[str, str, str], ...]:
    """What one may want afterwards: value, words, what it means."""
    return tuple((one.value, _(words), _(means)) for one, (words, means) in AFTERWARDS.items())


def anchors(form: Form) -> tuple[tuple[str, str], ...]:
    """What the summary of a form links to: the field, and the sentence about it."""
    return tuple((anchor_of(problem), problem.sentence) for problem in form.problems)
