"""What partners may see: nothing unless somebody said yes, part by part."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from matcher.domain.errors import NotFound
from matcher.services.groups import my_match, sharing
from matcher.services.groups.my_match import Shared
from matcher.services.groups.sharing import SharedPart
from tests.matcher.services.publishing.publications import Village, a_village


def seen_by_the_mentee(session: Session, village: Village) -> Shared:
    return my_match.my_match(session, village.cycle, village.mentee).pairs[0].shared


def chose(session: Session, village: Village, *parts: SharedPart, now: object) -> None:
    sharing.choose(session, cycle_id=village.cycle, parts=parts, by=village.mentor, now=now)


def test_nothing_is_shared_unasked(session):
    village = a_village(session)

    assert seen_by_the_mentee(session, village) == Shared()


def test_what_is_ticked_is_seen_and_what_is_taken_back_is_not(session, now):
    village = a_village(session)
    chose(session, village, SharedPart.TOPICS, SharedPart.LANGUAGES, now=now)
    first = seen_by_the_mentee(session, village)
    chose(session, village, SharedPart.LANGUAGES, now=now + timedelta(days=1))

    assert first == Shared(offers=("leadership",), seeks=("leadership",), languages=("English",))
    assert seen_by_the_mentee(session, village) == Shared(languages=("English",))


def test_circle_sees_what_a_member_shares(session, now):
    village = a_village(session)
    pat, pim, _ = village.peers
    sharing.choose(session, cycle_id=village.cycle, parts=[SharedPart.LANGUAGES], by=pat, now=now)

    found = my_match.my_match(session, village.cycle, pim)

    assert found.circle is not None
    assert found.circle.shared[pat] == Shared(languages=("English",))
    assert pim not in found.circle.shared


def test_whoever_is_not_in_the_cycle_has_nothing_to_share(session, now):
    from tests.builders import stored

    village = a_village(session)
    outsider = stored(session, "Otto Outside")

    with pytest.raises(NotFound):
        sharing.choose(session, cycle_id=village.cycle, parts=[SharedPart.GOALS], by=outsider, now=now)
