"""One function for each mail. Each returns a value; sending is another's job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from matcher.domain.people import Person
from matcher.domain.said import Said, long_day, say, small, weekday
from matcher.mail.compose import compose
from matcher.mail.cycle_words import CycleWords as CycleWords  # noqa: PLC0414 (mails are found here)
from matcher.mail.ics import Series
from matcher.mail.links import Links
from matcher.mail.value import Mail

# What the partner is to the reader.
PARTNERS = {
    "mentor": say("your mentor"),
    "mentee": say("your mentee"),
    "peer": say("your peer"),
}


@dataclass(frozen=True, kw_only=True)
class SessionWords:
    """The sessions as one reader sees them: the first in their own time, and how it goes on."""

    day: str
    hours: str
    elsewhere: tuple[str, ...]
    rhythm: str


@dataclass(frozen=True, kw_only=True)
class HandsWords:
    """One duty that changed hands: its session and day, and who holds it now and did before."""

    when: str
    duty: str
    now: str
    before: str


def introduction(
    *,
    id: UUID,  # noqa: A002 - the outbox row's
    to: Person,
    partner: Person,
    partner_role: str,
    reasons: Sequence[str],
    sessions: Series | None,
    cycle: CycleWords,
    links: Links,
    turns: Sequence[str] = (),
) -> Mail:
    """To one person of a pair: who the other is, why the two of them, the first session, and the sessions
    that are the reader's turn to lead."""
    return compose(
        "introduction",
        mail_id=id,
        to=to.email,
        name=to.name,
        language=to.locale,
        links=links,
        sessions=sessions,
        when=_session_words(sessions, to, (partner,)),
        partner=partner,
        partner_is=PARTNERS[partner_role],
        reasons=reasons,
        turns=turns,
        cycle=cycle,
    )


def circle_introduction(
    *,
    id: UUID,  # noqa: A002 - the outbox row's
    to: Person,
    members: Sequence[Person],
    duties: Sequence[str],
    sessions: Series | None,
    cycle: CycleWords,
    links: Links,
) -> Mail:
    """To one person of a circle: everybody in it, the first session, and the reader's own duties."""
    others = tuple(member for member in members if member.id != to.id)
    return compose(
        "circle_introduction",
        mail_id=id,
        to=to.email,
        name=to.name,
        language=to.locale,
        links=links,
        sessions=sessions,
        when=_session_words(sessions, to, others),
        others=others,
        size=small(len(others) + 1),
        duties=duties,
        cycle=cycle,
    )


def waitlist(
    *,
    id: UUID,  # noqa: A002 - the outbox row's
    to: Person,
    reasons: Sequence[str],
    cycle: CycleWords,
    links: Links,
) -> Mail:
    """To one person without a partner: why, and what would help."""
    return compose(
        "waitlist",
        mail_id=id,
        to=to.email,
        name=to.name,
        language=to.locale,
        links=links,
        reasons=reasons,
        cycle=cycle,
    )


def duty_change(
    *,
    id: UUID,  # noqa: A002 - the outbox row's
    to: Person,
    changes: Sequence[HandsWords],
    duties: Sequence[str],
    sessions: Series | None,
    cycle: CycleWords,
    links: Links,
) -> Mail:
    """To somebody who gave or took a duty: what changed hands, and all they hold now."""
    return compose(
        "duty_change",
        mail_id=id,
        to=to.email,
        name=to.name,
        language=to.locale,
        links=links,
        sessions=sessions,
        changes=changes,
        duties=duties,
        cycle=cycle,
    )


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


def publication_receipt(
    *,
    id: UUID,  # noqa: A002 - the outbox row's
    to: Person,
    counts: Sequence[str],
    cycle: CycleWords,
    cycle_id: UUID,
    links: Links,
) -> Mail:
    """To the organiser who published: what was published and what happens next."""
    return compose(
        "publication_receipt",
        mail_id=id,
        to=to.email,
        name=to.name,
        language=to.locale,
        links=links,
        counts=counts,
        cycle=cycle,
        cycle_id=cycle_id,
    )


def check_in(
    *,
    id: UUID,  # noqa: A002 - the outbox row's
    to: Person,
    token: str,
    last_day: date,
    cycle: CycleWords,
    links: Links,
) -> Mail:
    """To one person of a pair or circle: three questions behind a link that needs no sign-in."""
    return compose(
        "check_in",
        mail_id=id,
        to=to.email,
        name=to.name,
        language=to.locale,
        links=links,
        token=token,
        last_day=day(last_day),
        cycle=cycle,
    )


def parting(
    *,
    id: UUID,  # noqa: A002 - the outbox row's
    to: Person,
    whom: str,
    happens: Sequence[str],
    sessions: Series | None,
    cycle: CycleWords,
    links: Links,
) -> Mail:
    """To somebody whose sessions with `whom` (a name, or a circle) have ended: what happens next. No reason.

    `sessions` are taken out of the calendar.
    """
    return compose(
        "parting",
        mail_id=id,
        to=to.email,
        name=to.name,
        language=to.locale,
        links=links,
        sessions=sessions,
        cancel=True,
        whom=whom,
        happens=happens,
        cycle=cycle,
    )


def parting_undone(
    *,
    id: UUID,  # noqa: A002 - the outbox row's
    to: Person,
    whom: str,
    sessions: Series | None,
    cycle: CycleWords,
    links: Links,
) -> Mail:
    """To somebody whose sessions with `whom` go on after all; `sessions` are put back into the calendar."""
    return compose(
        "parting_undone",
        mail_id=id,
        to=to.email,
        name=to.name,
        language=to.locale,
        links=links,
        sessions=sessions,
        whom=whom,
        cycle=cycle,
    )


def circle_changed(
    *,
    id: UUID,  # noqa: A002 - the outbox row's
    to: Person,
    circle: str,
    happens: Sequence[str],
    cycle: CycleWords,
    links: Links,
) -> Mail:
    """To the others of a circle that somebody leaves or comes back to: what that changes for them."""
    return compose(
        "circle_changed",
        mail_id=id,
        to=to.email,
        name=to.name,
        language=to.locale,
        links=links,
        circle=circle,
        happens=happens,
        cycle=cycle,
    )


def quiet(
    *,
    id: UUID,  # noqa: A002 - the outbox row's
    to: Person,
    others: tuple[str, ...],
    cycle: CycleWords,
    links: Links,
) -> Mail:
    """To one person of a pair or circle whose shared page has been quiet: a kind word, what can be done."""
    return compose(
        "quiet",
        mail_id=id,
        to=to.email,
        name=to.name,
        language=to.locale,
        links=links,
        others=others,
        cycle=cycle,
    )


def something_waits(
    *,
    id: UUID,  # noqa: A002 - the outbox row's
    to: Person,
    page: str,
    links: Links,
) -> Mail:
    """To a handler or to who asked one for help: that something waits at `page`, and nothing else.

    No name, no programme, no word of what it is about: mails are read over shoulders.
    """
    return compose(
        "something_waits", mail_id=id, to=to.email, name=to.name, language=to.locale, links=links, page=page
    )


def _session_words(series: Series | None, reader: Person, others: Sequence[Person]) -> SessionWords | None:
    """The first session in the reader's zone, and in each other zone where the clock shows another hour."""
    if series is None:
        return None
    own = series.start.astimezone(ZoneInfo(reader.zone))
    elsewhere = {
        _there(own, there, zone): None
        for zone in (other.zone for other in others)
        if (there := own.astimezone(ZoneInfo(zone))).utcoffset() != own.utcoffset()
    }
    end = own + timedelta(minutes=series.minutes)
    return SessionWords(
        day=day(own.date()),
        hours=say(
            "{start} to {end} ({place} time)",
            start=_clock(own),
            end=_clock(end),
            place=_place(reader.zone),
        ),
        elsewhere=tuple(elsewhere),
        rhythm=_rhythm(series),
    )


def _rhythm(series: Series) -> Said:
    if series.sessions == 1:
        return say("This is the only session.")
    sessions, last = small(series.sessions), day(series.starts()[-1].date())
    if series.every_weeks == 1:
        return say(
            "Then every week at the same hour, {sessions} sessions in all. The last is on {day}.",
            sessions=sessions,
            day=last,
        )
    return say(
        "Then every {weeks} weeks at the same hour, {sessions} sessions in all. The last is on {day}.",
        weeks=small(series.every_weeks),
        sessions=sessions,
        day=last,
    )


def day(when: date) -> Said:
    """`Tuesday, 6 October 2026`."""
    return long_day(when)


def _there(own: datetime, there: datetime, zone: str) -> Said:
    time, place = _clock(there), _place(zone)
    if own.date() == there.date():
        return say("That is {time} in {place}.", time=time, place=place)
    day_there = weekday(there.weekday())
    return say("That is {time} on {weekday} in {place}.", time=time, weekday=day_there, place=place)


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def _place(zone: str) -> str:
    """`Europe/Berlin` is Berlin to a reader."""
    return zone.rpartition("/")[2].replace("_", " ")
