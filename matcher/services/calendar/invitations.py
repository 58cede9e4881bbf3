"""The invitation once more: the same calendar file a pair or circle was mailed, to download."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from matcher.domain.errors import NotFound
from matcher.domain.sentences import TranslatableText, say, term
from matcher.mail.ics import invitation
from matcher.mail.links import Links
from matcher.services.duties.letters import series_of, session_words, times_changed
from matcher.services.groups import lists as groups_lists
from matcher.services.groups.groups import Group, groups
from matcher.services.groups.published import Published, published


def again(session: Session, *, group_id: UUID, person_id: UUID, links: Links, now: datetime) -> bytes:
    """The calendar file of this person's pair or circle, with the UID and SEQUENCE of the one mailed last.

    Mails are not kept for ever: later it is written anew from the same dates. Raises NotFound for whoever is
    not in the pair or circle, and where it has no shared hour.
    """
    mine = groups_lists.group_of(session, group_id, person_id)
    if mine is None:
        raise NotFound(say("There is no such pair or circle."))
    mailed = groups_lists.newest_invitation(
        session, cycle_id=mine.cycle_id, person_id=person_id, group_id=group_id
    )
    if mailed is not None:
        return mailed
    found = published(session, mine.cycle_id, person=person_id)
    group = next((one for one in groups(session, found) if one.id == group_id), None) if found else None
    if found is None or group is None:
        raise NotFound(say("There is no such pair or circle."))
    series = series_of(
        found,
        group,
        turns_in_words(found, group, person_id),
        sequence=times_changed(session, mine.cycle_id, group_id, person_id),
        links=links,
        now=now,
        reader=found.people[person_id],
    )
    if series is None:
        raise NotFound(say("This pair has no shared hour yet, so there is no invitation."))
    return invitation(series)


def turns_in_words(found: Published, group: Group, person: UUID) -> list[TranslatableText]:
    """This person's duties, as the mails say them: "Session 2, 20 October 2026: facilitator"."""
    return [
        say("{session}: {duty}", session=session_words(found, group, row.session), duty=term(row.duty))
        for row in group.turns
        if row.person_id == person
    ]
