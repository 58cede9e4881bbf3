"""An import stores all people or none, enrols them, and keeps what they said in confidence."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from matcher.domain.errors import Invalid, NotFound, WrongState
from matcher.domain.people import Answers, Role, Week
from matcher.domain.policy.policy import CircleFormat, Policy
from matcher.schemas.mapping import mapping_from
from matcher.services import audit
from matcher.services.account import people
from matcher.services.cycle import cycles
from matcher.services.imports import people as imports_people
from matcher.services.imports import roster
from matcher.services.imports import undo as imports_undo
from matcher.services.imports.files import SourceFile
from matcher.services.programme import programmes
from matcher.services.sign_up import enrolment
from matcher.store.tables import AuditEntry, EnrolmentRow, Import, PersonRow

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
            "most_load": {"column": "At most", "optional": True},
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
    return imports_people.confirm(
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
    assert done == imports_people.Imported(added=3, changed=0, enrolled=2)
    assert (bob.function, bob.zone, bob.manager) == ("Sales", "Europe/Berlin", ids["ada@example.org"])
    assert people.of(session, ids["cy@example.org"]).manager is None
    assert enrolment.of(session, cycle_id, ids["bob@example.org"]).answers == Answers(
        roles=(Role.MENTEE,), week=Week.from_local([(0, "09:00"), (0, "09:30")], "Europe/Berlin", MONDAY)
    )


def test_the_dry_run_counts_new_and_known_people_and_stores_nothing(session, cycle_id, now):
    people.ensure(session, email="ada@example.org", name="Ada", now=now)
    before = session.scalar(select(func.count()).select_from(PersonRow))

    files = handed_in("Mail,Name,Role\nADA@example.org,Ada,mentor\nbob@example.org,Bob,\n")
    result = imports_people.dry_run(session, files, MAPPING, cycle_id=cycle_id)

    assert (result.new, result.updated, result.problems) == (1, 1, ())
    assert session.scalar(select(func.count()).select_from(PersonRow)) == before


def test_one_wrong_row_keeps_all_of_them_out(session, cycle_id, now):
    before = session.scalar(select(func.count()).select_from(PersonRow))

    with pytest.raises(Invalid) as refused:
        confirmed(session, "Mail,Name,Role\nada@example.org,Ada,mentor\nbob,Bob,boss\n", cycle_id, now)

    assert [(one.row, one.column) for one in refused.value.problems] == [(3, 1), (3, 3)]
    assert session.scalar(select(func.count()).select_from(PersonRow)) == before
    assert session.scalar(select(func.count()).select_from(Import)) == 0


def test_importing_again_updates_and_keeps_what_the_file_does_not_tell(session, cycle_id, now):
    confirmed(session, "Mail,Name,Role,Function\nada@example.org,Ada,mentor,Data\n", cycle_id, now)

    done = confirmed(session, "Mail,Name,Role\nada@example.org,Ada Lovelace,mentee\n", cycle_id, now)

    ada = people.of(session, people.by_addresses(session, ["ada@example.org"])["ada@example.org"])
    assert done == imports_people.Imported(added=0, changed=1, enrolled=1)
    assert (ada.name, ada.function) == ("Ada Lovelace", "Data")
    assert session.scalar(select(func.count()).select_from(EnrolmentRow)) == 1


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


BOTH = "Mail,Name,Role\nada@example.org,Ada,mentor\nbob@example.org,Bob,mentee\n"


def names_in(session, cycle_id):
    """Who is active in the cycle, by name."""
    asked = (
        select(PersonRow.name)
        .join(EnrolmentRow, EnrolmentRow.person_id == PersonRow.id)
        .where(EnrolmentRow.cycle_id == cycle_id, EnrolmentRow.state == "active")
    )
    return sorted(session.scalars(asked))


def looked_at(session, text, cycle_id, *, full=False):
    return imports_people.preview(
        session, handed_in(text), MAPPING, cycle_id=cycle_id, monday=MONDAY, full=full
    )


def test_the_preview_names_who_is_new_what_changes_and_who_is_no_longer_listed(session, cycle_id, now):
    confirmed(
        session,
        "Mail,Name,Role,Function\nada@example.org,Ada,mentor,Data\nbob@example.org,Bob,mentee,Sales\n"
        "cy@example.org,Cy,mentee,Sales\n",
        cycle_id,
        now,
    )

    found = looked_at(
        session,
        "Mail,Name,Role,Function\nada@example.org,Ada,mentor,Data\nbob@example.org,Bob,mentor,Law\n"
        "dee@example.org,Dee,mentee,Law\n",
        cycle_id,
        full=True,
    )

    assert [step.name for step in found.roster.new] == ["Dee"]
    assert [(step.name, step.changed) for step in found.roster.changes] == [("Bob", ("function", "answers"))]
    assert [person.name for person in found.roster.leavers] == ["Cy"]
    assert found.roster.unchanged == 1
    assert names_in(session, cycle_id) == ["Ada", "Bob", "Cy"]


def test_who_signs_up_while_a_list_is_written_is_one_person_and_keeps_their_id(session, cycle_id, now):
    found = looked_at(
        session, "Mail,Name,Role\nada@example.org,Ada,mentor\nbob@example.org,Bob,mentee\n", cycle_id
    )
    ada = people.ensure(session, email="ada@example.org", name="Ada Herself", now=now)

    written = roster.write(session, found.roster, cycle_id=cycle_id, by=None, now=now)

    stored = people.by_addresses(session, ["ada@example.org", "bob@example.org"])
    assert (written.ids, written.ids["ada@example.org"]) == (stored, ada)
    assert names_in(session, cycle_id) == ["Ada Herself", "Bob"]


def test_a_full_roster_lets_those_leave_who_are_not_listed(session, cycle_id, now):
    confirmed(
        session, "Mail,Name,Role\nada@example.org,Ada,mentor\nbob@example.org,Bob,mentee\n", cycle_id, now
    )

    done = imports_people.confirm(
        session,
        handed_in("Mail,Name,Role\nada@example.org,Ada,mentor\n"),
        MAPPING,
        cycle_id=cycle_id,
        monday=MONDAY,
        by=None,
        now=now,
        full=True,
    )

    assert done == imports_people.Imported(added=0, changed=1, enrolled=1, left=1)
    assert names_in(session, cycle_id) == ["Ada"]


def test_a_list_does_not_bring_back_who_left_or_paused_by_themselves(session, cycle_id, now):
    text = BOTH
    confirmed(session, text, cycle_id, now)
    ids = people.by_addresses(session, ["ada@example.org", "bob@example.org"])
    enrolment.leave(session, cycle_id=cycle_id, person_id=ids["ada@example.org"], by=None, now=now)
    enrolment.pause(session, cycle_id=cycle_id, person_id=ids["bob@example.org"], by=None, now=now)

    found = looked_at(session, text, cycle_id)
    confirmed(session, text, cycle_id, now)

    assert [step.name for step in found.roster.steps if step.stays_out] == ["Ada", "Bob"]
    assert names_in(session, cycle_id) == []


def test_answers_a_file_does_not_tell_stay_as_they_were(session, cycle_id, now):
    ada = people.ensure(session, email="ada@example.org", name="Ada", now=now)
    said = Answers(roles=(Role.MENTEE,), topics_sought=("Law",), goals="To grow", capacity=3)
    enrolment.enrol(session, cycle_id=cycle_id, person_id=ada, answers=said, by=ada, now=now)

    confirmed(session, "Mail,Name,Role\nada@example.org,Ada,mentee+mentor\n", cycle_id, now)

    week = Week.from_local([(0, "09:00"), (0, "09:30")], "Europe/Berlin", MONDAY)
    assert enrolment.of(session, cycle_id, ada).answers == replace(
        said, roles=(Role.MENTEE, Role.MENTOR), week=week
    )


def test_how_much_somebody_takes_on_is_imported(session, cycle_id, now):
    confirmed(session, "Mail,Name,Role,At most\nada@example.org,Ada,mentor,4\n", cycle_id, now)

    ada = people.by_addresses(session, ["ada@example.org"])["ada@example.org"]
    assert enrolment.of(session, cycle_id, ada).answers.most_load == 4


def test_the_last_import_can_be_taken_back(session, cycle_id, now):
    confirmed(session, "Mail,Name,Role,Function\nada@example.org,Ada,mentor,Data\n", cycle_id, now)
    later, even_later = now + timedelta(hours=1), now + timedelta(hours=2)
    ada = people.by_addresses(session, ["ada@example.org"])["ada@example.org"]
    before = people.of(session, ada), enrolment.of(session, cycle_id, ada).answers
    confirmed(
        session,
        "Mail,Name,Role,Function,Manager\nada@example.org,Ada L,mentee,Law,bob@example.org\n"
        "bob@example.org,Bob,mentee,Sales,\n",
        cycle_id,
        later,
    )

    done = imports_undo.undo(session, cycle_id=cycle_id, by=None, now=even_later)

    assert done == imports_undo.TakenBack(removed=1, restored=1, kept=())
    assert (people.of(session, ada), enrolment.of(session, cycle_id, ada).answers) == before
    assert people.by_addresses(session, ["bob@example.org"]) == {}
    with pytest.raises(NotFound, match="no import to take back"):
        imports_undo.undo(session, cycle_id=cycle_id, by=None, now=even_later)


def test_who_changed_their_answers_since_the_import_is_left_alone(session, cycle_id, now):
    confirmed(
        session, "Mail,Name,Role\nada@example.org,Ada,mentor\nbob@example.org,Bob,mentee\n", cycle_id, now
    )
    ada = people.by_addresses(session, ["ada@example.org"])["ada@example.org"]
    later = now + timedelta(hours=1)
    said = Answers(roles=(Role.MENTOR,), capacity=2)
    enrolment.enrol(session, cycle_id=cycle_id, person_id=ada, answers=said, by=ada, now=later)

    done = imports_undo.undo(session, cycle_id=cycle_id, by=None, now=later)

    assert done == imports_undo.TakenBack(removed=1, restored=0, kept=("Ada",))
    assert enrolment.of(session, cycle_id, ada).answers == said


def test_a_full_roster_taken_back_lets_everybody_return(session, cycle_id, now):
    confirmed(
        session, "Mail,Name,Role\nada@example.org,Ada,mentor\nbob@example.org,Bob,mentee\n", cycle_id, now
    )
    later = now + timedelta(hours=1)
    only_ada = handed_in("Mail,Name,Role\nada@example.org,Ada,mentor\n")
    imports_people.confirm(
        session, only_ada, MAPPING, cycle_id=cycle_id, monday=MONDAY, by=None, now=later, full=True
    )

    imports_undo.undo(session, cycle_id=cycle_id, by=None, now=later)

    assert names_in(session, cycle_id) == ["Ada", "Bob"]


def test_after_sign_up_has_closed_an_import_stays(session, cycle_id, now):
    confirmed(session, "Mail,Name,Role\nada@example.org,Ada,mentor\n", cycle_id, now)
    cycles.close(session, cycle_id=cycle_id, by=None, now=now)

    with pytest.raises(WrongState, match="its imports stay"):
        imports_undo.undo(session, cycle_id=cycle_id, by=None, now=now)


def test_an_import_and_its_undo_leave_the_audit_log_whole(session, cycle_id, now):
    confirmed(
        session, "Mail,Name,Role\nada@example.org,Ada,mentor\nbob@example.org,Bob,mentee\n", cycle_id, now
    )
    imports_undo.undo(session, cycle_id=cycle_id, by=None, now=now)

    acts = list(session.scalars(select(AuditEntry.act).order_by(AuditEntry.number)))
    assert acts[-4:] == ["enrolled", "enrolled", "people imported", "import taken back"]
    assert audit.verify(session).broken_at is None


def test_a_role_the_programme_does_not_have_is_named_by_row_and_column(session, cycle_id, now):
    programme = cycles.of(session, cycle_id).programme_id
    policy = Policy(circles=CircleFormat(on=False))
    programmes.set_policy(session, programme_id=programme, policy=policy, by=None, now=now)
    files = handed_in("Mail,Name,Role\nada@example.org,Ada,mentor\nbob@example.org,Bob,peer+mentee\n")

    (problem,) = imports_people.dry_run(session, files, MAPPING, cycle_id=cycle_id).problems

    where = (problem.row, problem.column, problem.header, problem.value)
    assert where == (3, 3, "Role", "peer+mentee")
    assert problem.sentence == "This programme does not have: peer. Choose among: mentor and mentee."
