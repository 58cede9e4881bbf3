"""Earlier pairs come in by a file, are named when wrong, and are not matched again."""

from datetime import date

import pytest

from matcher.domain.errors import Invalid, NotFound
from matcher.domain.policy.policy import Policy
from matcher.services.account import people
from matcher.services.cycle import cycles
from matcher.services.imports import earlier_pairs
from matcher.services.imports.earlier_pairs import EarlierPairs
from matcher.services.imports.files import SourceFile
from matcher.services.programme import programmes
from matcher.store.history import cycles_ago, met
from matcher.store.tables import Cycle


def a_file(text):
    return SourceFile(name="pairs.csv", data=text.encode())


@pytest.fixture
def programme_id(session, now):
    return programmes.create(
        session, name="Mentoring", slug="earlier", policy=Policy(), topics=(), by=None, now=now
    )


@pytest.fixture
def cycle(session, now, programme_id):
    cycle_id = cycles.create(
        session,
        programme_id=programme_id,
        name="Spring",
        opens_on=date(2026, 2, 1),
        closes_on=date(2026, 3, 1),
        starts_on=date(2026, 3, 9),
        ends_on=date(2026, 6, 1),
        by=None,
        now=now,
    )
    return session.get(Cycle, cycle_id)


@pytest.fixture
def ids(session, now):
    return {
        name: people.ensure(session, email=f"{name}@example.org", name=name.title(), now=now)
        for name in ("ada", "bob", "cy")
    }


PAIRS = "mentor_email,mentee_email\nADA@example.org,bob@example.org\nada@example.org,cy@example.org\n"


def test_earlier_pairs_count_as_met_one_cycle_ago(session, now, programme_id, cycle, ids):
    done = earlier_pairs.confirm(session, a_file(PAIRS), programme_id=programme_id, by=None, now=now)

    couples = {tuple(sorted((ids["ada"], ids[other]))) for other in ("bob", "cy")}
    assert done == EarlierPairs(new=2, known=0)
    assert {
        tuple(sorted(both)): ago for both, ago in met(session, cycles_ago(session, cycle)).items()
    } == dict.fromkeys(couples, 1)


def test_a_pair_told_twice_is_stored_once(session, now, programme_id, cycle, ids):
    earlier_pairs.confirm(session, a_file(PAIRS), programme_id=programme_id, by=None, now=now)
    again = PAIRS + "cy@example.org,bob@example.org\ncy@example.org,bob@example.org\n"

    looked = earlier_pairs.dry_run(session, a_file(again), programme_id=programme_id)
    done = earlier_pairs.confirm(session, a_file(again), programme_id=programme_id, by=None, now=now)

    assert looked == done == EarlierPairs(new=1, known=2)


def test_everything_wrong_is_named_and_nothing_stored(session, now, programme_id, cycle, ids):
    wrong = a_file(
        "mentor_email;mentee_email\nada@example.org;eve@example.org\n;bob@example.org\ncy@example.org;CY@example.org\n"
    )

    looked = earlier_pairs.dry_run(session, wrong, programme_id=programme_id)
    with pytest.raises(Invalid) as refused:
        earlier_pairs.confirm(session, wrong, programme_id=programme_id, by=None, now=now)

    nobody = "Nobody here has this address. Bring the people in first, then their earlier pairs."
    assert [(one.row, one.column, one.header, one.value, one.sentence) for one in looked.problems] == [
        (2, 2, "mentee_email", "eve@example.org", nobody),
        (3, 1, "mentor_email", None, "Write an e-mail address here."),
        (4, 2, "mentee_email", "CY@example.org", "This is the same person twice."),
    ]
    assert refused.value.problems == looked.problems
    assert met(session, cycles_ago(session, cycle)) == {}


def test_other_columns_are_named(session, now, programme_id):
    looked = earlier_pairs.dry_run(session, a_file("mentor,mentee\na,b\n"), programme_id=programme_id)

    assert [one.sentence for one in looked.problems] == [
        "Missing columns. Expected: mentor_email and mentee_email. Found: mentor and mentee."
    ]


def test_only_an_organiser_brings_pairs_in(session, now, programme_id, cycle, ids):
    with pytest.raises(NotFound):
        earlier_pairs.confirm(session, a_file(PAIRS), programme_id=programme_id, by=ids["bob"], now=now)
