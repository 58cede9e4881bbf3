"""Private notes: nobody else reads them, and of two windows neither loses a word."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from matcher.domain.errors import NotFound
from matcher.services.groups import notes
from matcher.services.groups.notes import Note
from tests.matcher.services.publishing.publications import Village, a_village


def wrote(session: Session, village: Village, text: str, now: datetime, *, version: int = 0) -> Note:
    return notes.save(session, group_id=village.pair, text=text, version=version, by=village.mentee, now=now)


def test_note_is_kept_for_who_wrote_it(session, now):
    village = a_village(session)

    wrote(session, village, "Ask about the offer in Lyon.", now)

    kept = notes.mine(session, group_id=village.pair, person_id=village.mentee)
    assert kept == Note(text="Ask about the offer in Lyon.", version=1, changed_at=now)


def test_partner_has_a_note_of_their_own(session, now):
    village = a_village(session)

    wrote(session, village, "Mine alone.", now)

    assert notes.mine(session, group_id=village.pair, person_id=village.mentor) == Note()


@pytest.mark.parametrize("who", ["waiting", "outsider"])
def test_nobody_outside_the_pair_has_a_note_about_it(session, now, who):
    village = a_village(session)
    somebody = village.waiting if who == "waiting" else village.peers[0]

    with pytest.raises(NotFound):
        notes.mine(session, group_id=village.pair, person_id=somebody)
    with pytest.raises(NotFound):
        notes.save(session, group_id=village.pair, text="Me too.", version=0, by=somebody, now=now)


def test_second_window_overwrites_nothing(session, now):
    village = a_village(session)
    wrote(session, village, "Written on the phone.", now)

    with pytest.raises(notes.Clash) as clash:
        wrote(session, village, "Written at the desk.", now)

    assert clash.value.stored.text == "Written on the phone."
    assert (
        notes.mine(session, group_id=village.pair, person_id=village.mentee).text == clash.value.stored.text
    )


def test_same_words_sent_twice_are_saved_once(session, now):
    village = a_village(session)

    first = wrote(session, village, "Once.", now)

    assert wrote(session, village, "Once.", now) == first


def test_emptied_note_is_gone_and_may_be_written_anew(session, now):
    village = a_village(session)
    first = wrote(session, village, "For a while.", now)

    assert wrote(session, village, "", now, version=first.version) == Note()
    assert wrote(session, village, "Anew.", now) == Note(text="Anew.", version=1, changed_at=now)


def test_peer_keeps_a_note_about_the_circle(session, now):
    village = a_village(session)

    notes.save(
        session, group_id=village.circle, text="Pim likes walks.", version=0, by=village.peers[0], now=now
    )

    kept = [notes.mine(session, group_id=village.circle, person_id=peer).text for peer in village.peers]
    assert kept == ["Pim likes walks.", "", ""]
