"""What makes somebody hard to match, from who is signed up now."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from matcher.domain.people import Week
from matcher.domain.policy.policy import Policy
from matcher.domain.sentences import TranslatableText
from matcher.domain.sign_up.preview import MeetingTerms, SignedUpAnswers, outlook, words
from matcher.schemas.enrolment import merged
from matcher.services.programme.topics import stored_as
from matcher.services.sign_up.lists import signed_up

HALF_HOUR = 1800


def outlook_of(
    session: Session,
    *,
    cycle_id: UUID,
    person_id: UUID,
    said: Mapping[str, Any],
    policy: Policy,
    monday: date,
) -> tuple[TranslatableText, ...]:
    """Sentences about what the person has said so far: the fields a schema has read, however many there are.

    `monday` dates the local hours. About nobody in particular: see `matcher.domain.sign_up.preview`.
    """
    if not said.get("roles"):
        return ()
    zone = said.get("zone", "Etc/UTC")
    me = SignedUpAnswers(
        roles=frozenset(said["roles"]),
        places=said.get("capacity", 1),
        offered=words(map(stored_as, merged(said, "topics_offered"))),
        sought=words(map(stored_as, merged(said, "topics_sought"))),
        languages=words(merged(said, "languages")),
        bits=Week.from_local(said.get("hours", ()), zone, monday).bits,
    )
    terms = MeetingTerms(
        minutes=policy.session_minutes,
        smallest=policy.circles.smallest if policy.circles.on else 0,
        ahead=ahead_of_utc(zone, monday),
    )
    return outlook(me, signed_up(session, cycle_id, but=person_id), terms)


def ahead_of_utc(zone: str, monday: date) -> int:
    """Half-hours by which the zone's clocks are ahead of UTC at the noon of that day."""
    noon = datetime(monday.year, monday.month, monday.day, 12, tzinfo=UTC)
    ahead = noon.astimezone(ZoneInfo(zone)).utcoffset()
    return round(ahead.total_seconds() / HALF_HOUR) if ahead else 0
