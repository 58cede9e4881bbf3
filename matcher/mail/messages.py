"""One function for each mail. Each returns a value; sending is another's job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID

from matcher.domain.people import Person
from matcher.domain.sentences import long_day, say, small
from matcher.mail.compose import compose
from matcher.mail.cycle_words import CycleWords
from matcher.mail.ics import Series
from matcher.mail.links import Links
from matcher.mail.session_words import session_words
from matcher.mail.value import Mail

# What the partner is to the reader.
PARTNERS = {
    "mentor": say("your mentor"),
    "mentee": say("your mentee"),
    "peer": say("your peer"),
}


@dataclass(frozen=True, kw_only=True)
class HandsWords:
    """One duty that changed hands: its session and day, and who holds it now and did before."""

    when: str
    duty: str
    now: str
    before: str


class Bare(TypedDict):
    """What every mail is given: the id of its row in the outbox, its reader, and where links lead."""

    id: UUID
    to: Person
    links: Links


class CycleHead(Bare):
    """The same, and what the cycle is called."""

    cycle: CycleWords


def introduction(
    *,
    partner: Person,
    partner_role: str,
    reasons: Sequence[str],
    sessions: Series | None,
    turns: Sequence[str] = (),
    **head: Unpack[CycleHead],
) -> Mail:
    """To one person of a pair: who the other is, why the two of them, the first session, and the sessions
    that are the reader's turn to lead."""
    return _letter(
        "introduction",
        head,
        sessions=sessions,
        when=session_words(sessions, head["to"], (partner,)),
        partner=partner,
        partner_is=PARTNERS[partner_role],
        reasons=reasons,
        turns=turns,
    )


def circle_introduction(
    *, members: Sequence[Person], duties: Sequence[str], sessions: Series | None, **head: Unpack[CycleHead]
) -> Mail:
    """To one person of a circle: everybody in it, the first session, and the reader's own duties."""
    reader = head["to"]
    others = tuple(member for member in members if member.id != reader.id)
    return _letter(
        "circle_introduction",
        head,
        sessions=sessions,
        when=session_words(sessions, reader, others),
        others=others,
        size=small(len(others) + 1),
        duties=duties,
    )


def waitlist(*, reasons: Sequence[str], **head: Unpack[CycleHead]) -> Mail:
    """To one person without a partner: why, and what would help."""
    return _letter("waitlist", head, reasons=reasons)


def reminder(*, closes: date, begun: bool, **head: Unpack[CycleHead]) -> Mail:
    """To somebody who has not decided: sign-up is open until `closes`; `begun`: they have begun the form and
    not sent it."""
    return _letter("reminder", head, last_day=long_day(closes), begun=begun)


def duty_change(
    *,
    changes: Sequence[HandsWords],
    duties: Sequence[str],
    sessions: Series | None,
    **head: Unpack[CycleHead],
) -> Mail:
    """To somebody who gave or took a duty: what changed hands, and all they hold now."""
    return _letter("duty_change", head, sessions=sessions, changes=changes, duties=duties)


def sign_in_link(
    *,
    id: UUID,  # noqa: A002 - the outbox row's
    to: str,
    name: str = "",
    language: str | None = None,
    token: str,
    code: str,
    minutes: int,
    links: Links,
) -> Mail:
    """The link that signs somebody in, and the code for those whose mails are on another device."""
    grouped = f"{code[:4]} {code[4:]}" if len(code) == 8 else code
    return compose(
        "sign_in_link",
        mail_id=id,
        to=to,
        name=name,
        language=language,
        links=links,
        token=token,
        code=grouped,
        minutes=minutes,
    )


def publication_receipt(*, counts: Sequence[str], cycle_id: UUID, **head: Unpack[CycleHead]) -> Mail:
    """To the organiser who published: what was published and what happens next."""
    return _letter("publication_receipt", head, counts=counts, cycle_id=cycle_id)


def check_in(*, token: str, last_day: date, **head: Unpack[CycleHead]) -> Mail:
    """To one person of a pair or circle: three questions behind a link that needs no sign-in."""
    return _letter("check_in", head, token=token, last_day=long_day(last_day))


def parting(*, whom: str, happens: Sequence[str], sessions: Series | None, **head: Unpack[CycleHead]) -> Mail:
    """To somebody whose sessions with `whom` (a name, or a circle) have ended: what happens next. No reason.

    `sessions` are taken out of the calendar.
    """
    return _letter("parting", head, sessions=sessions, cancel=True, whom=whom, happens=happens)


def parting_undone(*, whom: str, sessions: Series | None, **head: Unpack[CycleHead]) -> Mail:
    """To somebody whose sessions with `whom` go on after all; `sessions` are put back into the calendar."""
    return _letter("parting_undone", head, sessions=sessions, whom=whom)


def circle_changed(*, circle: str, happens: Sequence[str], **head: Unpack[CycleHead]) -> Mail:
    """To the others of a circle that somebody leaves or comes back to: what that changes for them."""
    return _letter("circle_changed", head, circle=circle, happens=happens)


def quiet(*, others: tuple[str, ...], **head: Unpack[CycleHead]) -> Mail:
    """To one person of a pair or circle whose shared page has been quiet: a kind word, what can be done."""
    return _letter("quiet", head, others=others)


def something_waits(*, page: str, **head: Unpack[Bare]) -> Mail:
    """To a handler or to who asked one for help: that something waits at `page`, and nothing else.

    No name, no programme, no word of what it is about: mails are read over shoulders.
    """
    return _letter("something_waits", head, page=page)


def _letter(template: str, head: CycleHead | Bare, **words: Any) -> Mail:
    """The mail of that template to its reader, in their language."""
    given: dict[str, Any] = dict(head)
    reader: Person = given.pop("to")
    return compose(
        template,
        mail_id=given.pop("id"),
        to=reader.email,
        name=reader.name,
        language=reader.locale,
        **given,
        **words,
    )
