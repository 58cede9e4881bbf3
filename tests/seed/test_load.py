"""The organisation and its sign-ups come in through the services, with the same ids for the same seed."""

from datetime import date

import pytest
from sqlalchemy import func, select

from matcher.domain.lifecycle import CycleState
from matcher.services.account import people
from matcher.services.cycle import cycles
from matcher.services.cycle import lists as cycle_lists
from matcher.services.sign_up import enrolment
from matcher.store.tables import EnrolmentRow, PersonRow, ProgrammeRole
from seed import load
from seed.people import organisation
from seed.story import SLUG
from seed.story import cycles as stories

COLLEAGUES = organisation(40, seed=7)
STORY = stories(COLLEAGUES, today=date(2026, 3, 4), seed=7)


@pytest.fixture
def loaded(session):
    return load.organisation(
        session, COLLEAGUES, chance=load.SeededIds(7), now=STORY[0].at(STORY[0].opens_on)
    )


def test_everybody_is_stored_with_their_manager(session, loaded):
    managers = {one.email: one.manager for one in COLLEAGUES}

    stored = {person.id: person for person in (people.of(session, id_) for id_ in loaded.ids.values())}

    assert session.scalar(select(func.count()).select_from(PersonRow)) == 40
    assert {
        person.email: stored[person.manager].email if person.manager else None for person in stored.values()
    } == managers


def test_the_programme_has_one_organiser_and_stands_at_its_address(session, loaded):
    programme = cycle_lists.programme(session, SLUG)

    assert programme is not None
    assert programme.cycle is None
    roles = session.execute(select(ProgrammeRole.role, ProgrammeRole.person_id)).all()
    assert [person for role, person in roles if role == "organiser"] == [loaded.organiser]
    assert len({person for role, person in roles if role == "handler"} - {loaded.organiser}) == 2


def test_a_cycle_is_open_and_everybody_of_the_story_signed_up(session, loaded):
    cycle_id = load.cycle(session, STORY[2], loaded, chance=load.SeededIds(8))

    first = STORY[2].sign_ups[0]
    said = enrolment.of(session, cycle_id, loaded.ids[first.colleague.email]).answers
    assert cycles.of(session, cycle_id).state == CycleState.OPEN
    assert session.scalar(select(func.count()).select_from(EnrolmentRow)) == len(STORY[2].sign_ups)
    assert (said.goals, said.week.minutes) == (first.goals, 30 * len(first.hours))


def test_ids_and_opaque_numbers_repeat():
    first, again, other = (load.SeededIds(seed) for seed in (7, 7, 8))

    assert [first.id(), first.ref()] == [again.id(), again.ref()] != [other.id(), other.ref()]
