"""Chances before matching: what is told of whom, which rule costs what, and mentors worth looking for."""

import pytest

from matcher.domain.errors import NotFound
from matcher.domain.people import Role, Week
from matcher.domain.policy.policy import RuleUse
from matcher.jobs.child import SOLVE, SolverChild
from matcher.services.forecast.options import chances, chances_in_full
from solver.settings import silent
from tests.builders import MONDAY, NOON, a_cycle, a_policy, enrolled, stored

COUNT = SolverChild(command=(*SOLVE, "--options"))
AFTERNOON = Week.from_local([(1, "14:00"), (1, "14:30"), (1, "15:00")], "Europe/Berlin", MONDAY)
POLICY = a_policy(
    ["same_person", "not_blocked", "shared_language", RuleUse(name="shared_session", params={"minutes": 60})]
)


def in_full(session, cycle_id):
    return chances_in_full(
        session, cycle_id=cycle_id, by=None, zone="Europe/Berlin", now=NOON, count=COUNT, report=silent
    )


def test_who_has_few_options_is_told_with_the_rules_that_leave_them_out(session):
    cycle_id = a_cycle(session, policy=POLICY)
    for name in ("Mira Mentor", "Milo Mentor"):
        enrolled(session, cycle_id, Role.MENTOR, name=name)
    enrolled(session, cycle_id, Role.MENTEE, name="Eva Easy")
    enrolled(session, cycle_id, Role.MENTEE, name="Hans Hard", person={"languages": ("German",)})

    found = in_full(session, cycle_id)

    assert [(one.person.name, one.options, one.ruled_out) for one in found.few] == [
        ("Hans Hard", 0, (("shared_language", 2),)),
        ("Eva Easy", 2, ()),
    ]
    assert (found.options, found.stranded, found.placed, found.proved) == ((0, 2), 1, 1, True)
    costs = {one.rule: (one.more, one.first, one.placed) for one in found.costs}
    assert costs == {"shared_language": (1, 1, 1), "shared_session": (0, 0, 0)}


def test_mentors_worth_looking_for_are_counted_anew(session):
    cycle_id = a_cycle(session, policy=POLICY)
    enrolled(session, cycle_id, Role.MENTOR, name="Mira Mentor", week=Week(0))
    for number in range(3):
        enrolled(
            session,
            cycle_id,
            Role.MENTEE,
            name=f"Eva {number}",
            week=AFTERNOON,
            topics_sought=("data",),
            person={"languages": ("German",)},
        )

    found = in_full(session, cycle_id)

    assert [str(one.sentence()) for one in found.recruiting] == [
        "3 more mentors for data in the afternoon who speak German, each with 1 place, would place 3 people."
    ]


def test_policy_that_is_only_tried_changes_nothing(session):
    cycle_id = a_cycle(session, policy=POLICY)
    enrolled(session, cycle_id, Role.MENTOR, name="Mira Mentor")
    enrolled(session, cycle_id, Role.MENTEE, name="Hans Hard", person={"languages": ("German",)})
    tried = a_policy(["same_person", "not_blocked"])

    there = {"cycle_id": cycle_id, "by": None, "count": COUNT, "report": silent}

    assert chances(session, **there, policy=tried).placed == 1
    assert chances(session, **there).placed == 0


def test_without_mentors_everybody_is_stranded(session):
    cycle_id = a_cycle(session, policy=POLICY)
    enrolled(session, cycle_id, Role.MENTEE, name="Eva Easy")

    found = in_full(session, cycle_id)

    assert (found.mentees, found.mentors, found.stranded, found.options) == (1, 0, 1, (0,))


def test_nobody_else_counts(session):
    cycle_id = a_cycle(session, policy=POLICY)
    outsider = stored(session, "Otto Outside")

    with pytest.raises(NotFound):
        chances(session, cycle_id=cycle_id, by=outsider, count=COUNT, report=silent)
