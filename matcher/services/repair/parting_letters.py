"""Mails about partings: to both of a pair, to who leaves a circle and to who stays. Never a reason.

Calendar entries are taken out, or put back, with a SEQUENCE above that of everything mailed about the group
before (RFC 5546, 2.1.4).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from matcher.domain.during.parting import Afterwards, until
from matcher.domain.mailing import MailKind
from matcher.domain.people import Person, Role
from matcher.domain.sentences import TranslatableText, say, say_many
from matcher.mail import messages
from matcher.mail.ics import Attendee, Series
from matcher.mail.links import Links
from matcher.mail.value import Mail
from matcher.services.duties.letters import cycle_words, series_of, times_changed
from matcher.services.groups.groups import Group
from matcher.services.groups.published import Published
from matcher.services.post import outbox

LOOKING = {
    Role.MENTEE: say("We look for another mentor for you."),
    Role.MENTOR: say("We look for another mentee for you."),
    Role.PEER: say("We look for another circle for you."),
}
NOTHING_TO_DO = say("You need to do nothing. As soon as somebody who suits you is free, we write to you.")


def looking(role: Role) -> tuple[TranslatableText, ...]:
    """What the waitlist and the mails say to somebody who waits for somebody else, by their own role."""
    return LOOKING[role], NOTHING_TO_DO


@dataclass(frozen=True, kw_only=True)
class PartingPost:
    """Where letters about one group are written."""

    session: Session
    found: Published
    group: Group
    now: datetime
    links: Links

    def parted(self, to: Person, *, whom: str, happens: Sequence[str]) -> None:
        """The sessions of this person have ended, and leave their calendar alone, nobody else's."""
        self._write(
            to,
            messages.parting(
                id=uuid4(),
                to=to,
                whom=whom,
                happens=happens,
                sessions=self._series(to, alone=True),
                cycle=cycle_words(self.found, self.session),
                links=self.links,
            ),
        )

    def undone(self, to: Person, *, whom: str) -> None:
        """The sessions go on after all."""
        self._write(
            to,
            messages.parting_undone(
                id=uuid4(),
                to=to,
                whom=whom,
                sessions=self._series(to, alone=False),
                cycle=cycle_words(self.found, self.session),
                links=self.links,
            ),
        )

    def circle_changed(self, to: Person, *, happens: Sequence[str]) -> None:
        """Somebody left this person's circle, or came back."""
        self._write(
            to,
            messages.circle_changed(
                id=uuid4(),
                to=to,
                circle=self.circle_name,
                happens=happens,
                cycle=cycle_words(self.found, self.session),
                links=self.links,
            ),
        )

    @property
    def circle_name(self) -> TranslatableText:
        return say("circle {number}", number=self.group.number)

    def _series(self, to: Person, *, alone: bool) -> Series | None:
        times = times_changed(self.session, self.found.cycle.id, self.group.id, to.id) + 1
        series = series_of(self.found, self.group, (), sequence=times, links=self.links, now=self.now)
        if series is None or not alone:
            return series
        return replace(series, attendees=(Attendee(name=to.name, address=to.email),))

    def _write(self, to: Person, mail: Mail) -> None:
        if not to.active:
            return
        cycle_id = self.found.cycle.id
        times = times_changed(self.session, cycle_id, self.group.id, to.id) + 1
        outbox.write(
            self.session,
            mail,
            cycle=cycle_id,
            person=to.id,
            kind=MailKind.GROUP_CHANGE,
            occurrence=f"{self.group.id}/{times}",
            now=self.now,
        )


def for_who_parts(
    me: Person, afterwards: Afterwards, role: Role, now: datetime
) -> tuple[TranslatableText, ...]:
    """What happens next, for who said it."""
    then = {
        Afterwards.REMATCH: looking(role),
        Afterwards.PAUSE: (say("You take a pause: nobody new is planned for you until you say so."),),
        Afterwards.LEAVE: (say("You have left this cycle. You are welcome back any time."),),
    }
    return (*then[afterwards], take_back_until(me, now))


def for_the_partner(role: Role, *, looked_for: bool) -> tuple[TranslatableText, ...]:
    """What happens next, for who is told: a mentee is looked for at once, a mentor has a place free."""
    if looked_for:
        return looking(role)
    return (
        say("Your place is free again."),
        say("If somebody suits you, we write to you. You need to do nothing."),
    )


def take_back_until(me: Person, now: datetime) -> TranslatableText:
    """The end of the time in which it can be taken back, on this person's clock."""
    end = until(now).astimezone(ZoneInfo(me.zone))
    return say("You can take this back until {day}, {time}.", day=end.date(), time=f"{end:%H:%M}")


def left_behind(name: str, people: int) -> tuple[TranslatableText, ...]:
    """For those who stay in a circle; `people` are left, the reader among them."""
    return (
        say("{name} is no longer in your circle.", name=name),
        say_many("You are the only one left.", "You are {count} now.", people),
    )
