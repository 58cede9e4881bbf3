"""An import stores all people or none, enrols them, and keeps what they said in confidence."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from matcher.domain.errors import Invalid, WrongState
from matcher.domain.people import Answers, Role, Week
from matcher.domain.policy import Policy
from matcher.schemas.mapping import mapping_from
from matcher.services import cycles, enrolment, imports, people, programmes
from matcher.services.import_files import SourceFile
from matcher.store.tables import Enrolment, Import, Person

MONDAY = date(2026, 3, 9)
MAPPING = mapping_from(
    {
        "version": 1,
        "title": "Small company",
        "fields": {
            "email": {"column": "Mail"},
            "name": {"column": "Name"},
            "roles": {"column": "Role", "split": "+"},
            "function": {"column": "Function", "optional": True},
            "manager": {"column": "Manager", "optional": True},
            "zone": {"value": "Europe/Berlin"},
            "hours": {"value": "Mon 09:00-10:00"},
        },
    }
)


def handed_in(text: str) -> list[SourceFile]:
    return [SourceFile(name="people.csv", data=text.encode())]


@pytest.fixture
def cycle_id(session, now):
    programme = programmes.create(
        session, name="Mentoring", slug="imports", policy=Policy(), topics=(), by=None, now=now
    )
    cycle_id = cycles.create(
        session,
        programme_id=programme,
        name="Spring",
        opens_on=date(2026, 2, 1),
        closes_on=date(2026, 3, 1),
        starts_on=MONDAY,
        ends_on=date(2026, 6, 1),
        by=None,
        now=now,
    )
    cycles.open_(session, cycle_id=cycle_id, by=None, now=now)
    return cycle_id


def confirmed(session, text, cycle_id, now):
    return imports.confirm(
        session, handed_in(text), MAPPING, cycle_id=cycle_id, monday=MONDAY, by=None, now=now
    )


def test_people_are_stored_and_those_with_a_role_enrolled(session, cycle_id, now):
    done = confirmed(
        session,
        "Mail,Name,Role,Function,Manager\n"
        "ada@example.org,Ada,mentor,Data,\n"
        "bob@example.org,Bob,mentee,Sales,ada@example.org\n"
        "cy@example.org,Cy,,Sales,nobody@example.org\n",
        cycle_id,
        now,
    )

    ids = people.by_addresses(session, ["ada@example.org", "bob@example.org", "cy@example.org"])
    bob = people.of(session, ids["bob@example.org"])
    assert done == imports.Imported(added=3, changed=0, enrolled=2)
    assert (bob.function, bob.zone, bob.manager) == ("Sales", "Europe/Berlin", ids["ada@example.org"])
    assert people.of(session, ids["cy@example.org"]).manager is None
    assert enrolment.of(session, cycle_id, ids["bob@example.org"]).answers == Answers(
        roles=(Role.MENTEE,), week=Week.from_local([(0, "09:00"), (0, "09:30")], "Europe/Berlin", MONDAY)
    )


def test_the_dry_run_counts_new_and_known_people_and_stores_nothing(session, cycle_id, now):
    people.ensure(session, email="ada@example.org", name="Ada", now=now)
    before = session.scalar(select(func.count()).select_from(Person))

    result = imports.dry_run(
        session, handed_in("Mail,Name,Role\nADA@example.org,Ada,mentor\nbob@example.org,Bob,\n"), MAPPING
    )

    assert (result.new, result.updated, result.problems) == (1, 1, ())
    assert session.scalar(select(func.count()).select_from(Person)) == before


def test_one_wrong_row_keeps_all_of_them_out(session, cycle_id, now):
    before = session.scalar(select(func.count()).select_from(Person))

    with pytest.raises(Invalid) as refused:
        confirmed(session, "Mail,Name,Role\nada@example.org,Ada,mentor\nbob,Bob,boss\n", cycle_id, now)

    assert [(one.row, one.column) for one in refused.value.problems] == [(3, 1), (3, 3)]
    assert session.scalar(select(func.count()).select_from(Person)) == before
    assert session.scalar(select(func.count()).select_from(Import)) == 0


def test_importing_again_updates_and_keeps_what_the_file_does_not_tell(session, cycle_id, now):
    confirmed(session, "Mail,Name,Role,Function\nada@example.org,Ada,mentor,Data\n", cycle_id, now)

    done = confirmed(session, "Mail,Name,Role\nada@example.org,Ada Lovelace,mentee\n", cycle_id, now)

    ada = people.of(session, people.by_addresses(session, ["ada@example.org"])["ada@example.org"])
    assert done == imports.Imported(added=0, changed=1, enrolled=1)
    assert (ada.name, ada.function) == ("Ada Lovelace", "Data")
    assert session.scalar(select(func.count()).select_from(Enrolment)) == 1


def test_what_somebody_said_in_confidence_survives_an_import(session, cycle_id, now):
    ada, bob = (people.ensure(session, email=f"{n}@example.org", name=n, now=now) for n in ("ada", "bob"))
    said = Answers(roles=(Role.MENTEE,), not_with=(bob,), most_load=4)
    enrolment.enrol(session, cycle_id=cycle_id, person_id=ada, answers=said, by=ada, now=now)

    confirmed(session, "Mail,Name,Role\nada@example.org,Ada,mentor\n", cycle_id, now)

    kept = enrolment.of(session, cycle_id, ada).answers
    assert kept == replace(
        said,
        roles=(Role.MENTOR,),
        week=Week.from_local([(0, "09:00"), (0, "09:30")], "Europe/Berlin", MONDAY),
    )


def test_a_closed_cycle_takes_no_import(session, cycle_id, now):
    cycles.cancel(session, cycle_id=cycle_id, by=None, now=now)

    with pytest.raises(WrongState, match="takes no answers"):
        confirmed(session, "Mail,Name,Role\nada@example.org,Ada,mentor\n", cycle_id, now)
