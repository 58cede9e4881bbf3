"""The fairness report: what it says of a draft, that it can be made again, and that a change is noticed."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.errors import DomainError, NotFound
from matcher.domain.matching.fair_report import FairReport
from matcher.domain.people import Role
from matcher.domain.policy.policy import CircleFormat, CriterionUse
from matcher.services.fairness import reports
from matcher.services.ports import SolverTimedOut
from matcher.store.tables import Draft
from tests.builders import a_policy, enrolled, reviewed
from tests.in_process import solved

TOPICS = CriterionUse(name="topics", weight=1)


def out_of_time(*_: Any, **__: Any) -> bytes:
    raise SolverTimedOut("There was not enough time.")


def two_for_whom_it_matters(session: Session, cycle: UUID) -> None:
    """One mentee can only have a poor fit, and only if the other does without the mentor they would like."""
    enrolled(session, cycle, Role.MENTOR, name="Both", ref=1, topics_offered=("leadership", "data"))
    enrolled(session, cycle, Role.MENTOR, name="Half", ref=2, topics_offered=("leadership",))
    enrolled(session, cycle, Role.MENTEE, name="Data only", ref=3, topics_sought=("data",))
    enrolled(session, cycle, Role.MENTEE, name="Either", ref=4, topics_sought=("leadership", "data"))


def a_crowd(session: Session, cycle: UUID) -> None:
    for place in range(6):
        enrolled(session, cycle, Role.MENTEE, name=f"Asks {place}", ref=place, person={"function": "Sales"})
        enrolled(session, cycle, Role.MENTOR, Role.PEER, name=f"Helps {place}", ref=100 + place)
    for place in range(7):
        enrolled(
            session, cycle, Role.MENTEE, name=f"Law {place}", ref=200 + place, person={"function": "Law"}
        )


def report_of(sessions: sessionmaker[Session], draft: UUID, run_solver: Any = solved) -> FairReport:
    reports.make(sessions, draft, run_solver=run_solver)
    with sessions() as session:
        found = reports.of(session, draft)
    assert found is not None, "There is no report."
    return found


def test_the_report_sets_the_plan_beside_the_one_that_only_counts_points(open_session):
    draft = reviewed(open_session, two_for_whom_it_matters, policy=a_policy(criteria=(TOPICS,)))

    found = report_of(open_session, draft)

    assert (found.mode, found.mentees, found.mentors, found.pairs) == ("fair", 2, 2, 2)
    assert found.plain is not None
    assert found.ours.worst[0] >= found.plain.worst[0]
    assert found.ours.total <= found.plain.total
    assert found.loads == ((1, 2),)
    assert (found.proof.good, found.proof.proved, found.proof.breaches) == (True, True, 0)
    assert found.proof.goals[0][0] == "coverage"


def test_groups_of_fewer_than_five_are_told_only_with_others(open_session):
    draft = reviewed(open_session, a_crowd, policy=a_policy(circles=CircleFormat()))

    found = report_of(open_session, draft)
    by_function = next(one.groups for one in found.fields if one.field == "function")

    assert [(group.name, group.mentees) for group in by_function] == [("Law", 7), ("Sales", 6)]
    assert sum(group.placed for group in by_function) == found.ours.placed == 6
    assert dict(found.ours.words)["not placed"] == 7
    assert found.seats.seated + found.seats.left == 6


def test_a_report_is_made_again_from_its_files_and_is_equal(open_session):
    draft = reviewed(open_session, a_crowd, policy=a_policy())
    kept = report_of(open_session, draft)

    with open_session() as session:
        again = reports.again(session, draft, run_solver=solved)

    assert again.equal
    assert again.anew == kept
    assert reports.report_hash(again.anew) == reports.report_hash(kept)


def test_a_report_that_was_changed_since_is_not_equal(open_session):
    draft = reviewed(open_session, a_crowd, policy=a_policy())
    report_of(open_session, draft)
    with open_session.begin() as session:
        row = session.get_one(Draft, draft)
        row.report = {**row.report, "whole": {**row.report["whole"], "pairs": 99}}

    with open_session() as session:
        again = reports.again(session, draft, run_solver=solved)

    assert (again.equal, again.same_plan) == (False, True)


def test_without_time_for_the_other_plan_the_report_does_without_it(open_session):
    draft = reviewed(open_session, two_for_whom_it_matters, policy=a_policy())

    assert report_of(open_session, draft, run_solver=out_of_time).plain is None


def test_a_draft_without_mentoring_has_a_report_about_circles_only(open_session):
    def peers(session: Session, cycle: UUID) -> None:
        for place in range(5):
            enrolled(session, cycle, Role.PEER, name=f"Peer {place}", ref=place)

    draft = reviewed(open_session, peers, policy=a_policy(circles=CircleFormat()))

    found = report_of(open_session, draft)

    assert (found.mentees, found.pairs, found.ours.placed, found.plain) == (0, 0, 0, None)
    assert (found.seats.circles, found.seats.seated) == (1, 5)


def test_nobody_compares_with_a_report_that_is_not_made(open_session):
    draft = reviewed(open_session, two_for_whom_it_matters, policy=a_policy())

    with open_session() as session:
        run = session.scalars(select(Draft.run_id)).one()
        assert reports.of(session, draft) is None
        assert reports.missing(session, run) == draft
        with pytest.raises(DomainError, match="was not made yet"):
            reports.again(session, draft, run_solver=solved)
        with pytest.raises(NotFound):
            reports.of(session, UUID(int=1))
