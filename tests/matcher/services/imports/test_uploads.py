"""Files wait for a day at most, belong to who sent them, and go together."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from matcher.domain.errors import Invalid, NotFound
from matcher.jobs import upkeep
from matcher.mail.links import Links
from matcher.services.imports import saved_mappings, uploads
from matcher.services.imports.files import SourceFile
from matcher.store.organiser_tables import Upload
from matcher.store.tables import Cycle
from tests.builders import NOON, a_cycle, stored

PEOPLE = SourceFile(name="people.csv", data=b"email,name\na@example.org,A\n")
MORE = SourceFile(name="more.csv", data=b"email,name\nb@example.org,B\n")


@pytest.fixture
def mine(session):
    return {"cycle_id": a_cycle(session), "person_id": stored(session, "Ola Organiser")}


def test_files_are_kept_together_and_dropped_together(session, mine):
    first = uploads.keep(session, [PEOPLE, MORE], **mine, now=NOON)
    uploads.choose(session, first, how={"title": "Ours"}, full=True)

    kept = uploads.of(session, first, **mine)
    listed = uploads.waiting(session, **mine)
    uploads.drop(session, first, **mine)

    assert (kept.files, kept.how, kept.full) == ((PEOPLE, MORE), {"title": "Ours"}, True)
    assert [(one.id, one.names) for one in listed] == [(first, ("people.csv", "more.csv"))]
    assert session.scalar(select(func.count()).select_from(Upload)) == 0


def test_nobody_else_sees_them(session, mine):
    first = uploads.keep(session, [PEOPLE], **mine, now=NOON)
    other = stored(session, "Otto Other")

    with pytest.raises(NotFound):
        uploads.of(session, first, cycle_id=mine["cycle_id"], person_id=other)
    assert uploads.waiting(session, cycle_id=mine["cycle_id"], person_id=other) == ()


def test_the_hash_changes_with_the_way_of_reading(session, mine):
    first = uploads.keep(session, [PEOPLE], **mine, now=NOON)
    hashes = set()
    for how, full in (({}, False), ({"title": "a"}, False), ({"title": "a"}, True)):
        uploads.choose(session, first, how=how, full=full)
        hashes.add(uploads.of(session, first, **mine).hash)

    assert len(hashes) == 3


def test_a_day_later_they_are_gone(session, mine):
    uploads.keep(session, [PEOPLE], **mine, now=NOON)
    links = Links(base_url="http://localhost")

    upkeep.sweep(session, now=NOON + timedelta(hours=23), links=links, seed=1)
    before = session.scalar(select(func.count()).select_from(Upload))
    upkeep.sweep(session, now=NOON + timedelta(hours=25), links=links, seed=1)

    assert (before, session.scalar(select(func.count()).select_from(Upload))) == (1, 0)


def test_what_cannot_be_read_is_refused_at_once_and_nothing_is_kept(session, mine):
    empty = SourceFile(name="empty.csv", data=b"")

    with pytest.raises(Invalid) as refused:
        uploads.keep(
            session, [PEOPLE, empty, SourceFile(name="old.xls", data=b"\xd0\xcf\x11\xe0")], **mine, now=NOON
        )

    assert [one.sentence.split(":")[0] for one in refused.value.problems] == ["empty.csv", "old.xls"]
    assert session.scalar(select(func.count()).select_from(Upload)) == 0


def test_two_files_of_one_name_are_refused(session, mine):
    with pytest.raises(Invalid, match="Two files are called “people”"):
        uploads.keep(session, [PEOPLE, SourceFile(name="people.xlsx", data=PEOPLE.data)], **mine, now=NOON)


def test_ways_of_reading_are_kept_by_name(session, mine):
    programme_id = session.get_one(Cycle, mine["cycle_id"]).programme_id
    data = {"version": 1, "title": "x", "fields": {"email": {"column": "M"}, "name": {"column": "N"}}}
    for _ in range(2):
        saved_mappings.keep(
            session, programme_id=programme_id, name=" HR  list ", data=data, by=None, now=NOON
        )

    assert [name for name, _ in saved_mappings.of(session, programme_id)] == ["HR list"]
    saved_mappings.remove(session, programme_id=programme_id, name="HR list", by=None)
    assert saved_mappings.of(session, programme_id) == ()
    with pytest.raises(Invalid, match="1 to 60 characters"):
        saved_mappings.keep(session, programme_id=programme_id, name=" ", data=data, by=None, now=NOON)
