"""Versions of a policy: saved, compared, and used again."""

import pytest

from matcher.domain.errors import Changed, NotFound
from matcher.services.programme import policies
from tests.builders import NOON, a_policy, a_programme, stored

FIRST = a_policy()
SECOND = FIRST.replace(line=600)


@pytest.fixture
def desk(session):
    """A programme with its organiser, whose second version raised the line."""
    ola = stored(session, "Ola Organiser")
    programme_id = a_programme(session, policy=FIRST, by=ola)
    policies.save(session, programme_id=programme_id, policy=SECOND, seen=1, by=ola, now=NOON)
    return programme_id, ola


def test_versions_say_who_when_and_what_changed(session, desk):
    programme_id, ola = desk

    found = policies.versions(session, programme_id=programme_id, by=ola)

    assert [(one.number, one.by, one.at, [str(each) for each in one.changes]) for one in found] == [
        (
            2,
            "Ola Organiser",
            NOON,
            ["A pair is adequate from 60 per cent of all points, before from 45."],
        ),
        (1, "Ola Organiser", NOON, []),
    ]


def test_earlier_version_counts_again_as_a_new_one(session, desk):
    programme_id, ola = desk

    number = policies.use_again(session, programme_id=programme_id, number=1, by=ola, now=NOON)

    assert number == 3
    assert policies.present(session, programme_id=programme_id, by=ola) == (3, FIRST)
    with pytest.raises(NotFound):
        policies.use_again(session, programme_id=programme_id, number=9, by=ola, now=NOON)


def test_whoever_comes_second_is_told(session, desk):
    programme_id, ola = desk

    with pytest.raises(Changed, match="Somebody saved version 2 meanwhile"):
        policies.save(session, programme_id=programme_id, policy=FIRST, seen=1, by=ola, now=NOON)


def test_nobody_else_reads_or_saves(session, desk):
    programme_id, _ = desk
    outsider = stored(session, "Otto Outside")

    for act in (policies.versions, policies.present):
        with pytest.raises(NotFound):
            act(session, programme_id=programme_id, by=outsider)
    with pytest.raises(NotFound):
        policies.save(session, programme_id=programme_id, policy=FIRST, seen=2, by=outsider, now=NOON)
