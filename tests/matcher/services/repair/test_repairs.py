"""Repairs: the smallest change, told only to those it touches, done once, refused when the plan moved on."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random
from threading import Barrier, Thread
from uuid import UUID

import icalendar
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.during.parting import Afterwards
from matcher.domain.errors import Changed, NotFound, WrongState
from matcher.domain.matching.changes import Apart, Change, Forbid, Places
from matcher.domain.people import Role
from matcher.jobs.child import REPAIR, SolverChild
from matcher.services.duties import ledger
from matcher.services.groups.groups import groups
from matcher.services.groups.published import published
from matcher.services.ports import Report
from matcher.services.programme import programmes
from matcher.services.repair import apply as repair_apply
from matcher.services.repair import find as repair_find
from matcher.services.repair import partings, proposals
from matcher.services.repair.current_plan import world
from matcher.services.sign_up import enrolment
from matcher.store import tables
from matcher.store.organiser_tables import ManualChange, Repair
from matcher.store.participant_tables import Parting
from solver.repair.problem import dump_repaired, load_repaired
from tests.builders import NOON, enrolled, stored
from tests.in_process import repaired
from tests.matcher.services.towns import (
    CIRCLES,
    IN_MAY,
    LINKS,
    Town,
    a_town,
    mentors_and_mentees,
    ten_peers,
)


def joins_late(town: Town, name: str, *roles: Role, **said: object) -> None:
    """Somebody signs up after the publication, by an organiser's hand."""
    with town.sessions.begin() as session:
        cycle = session.get_one(tables.Cycle, town.cycle)
        state, cycle.state = cycle.state, "open"
        session.flush()
        town.people[name] = enrolled(session, town.cycle, *roles, name=name, **said)
        row = session.scalars(
            select(tables.EnrolmentRow).where(tables.EnrolmentRow.person_id == town.people[name])
        ).one()
        row.enrolled_at = IN_MAY
        cycle.state = state


def mentors_of(town: Town) -> dict[str, str]:
    return {mentee: mentor for mentor, mentee in town.pairs()}


def smallest_changes(town: Town, gone: set[tuple[str, str]], before: set[tuple[str, str]]) -> int:
    """The most mentees any plan can place that keeps every pair that stands, by trying all of them."""
    mentors = {"Mo": 2, "Max": 2, "May": 2}
    free = sorted(mentee for _, mentee in gone)
    stands = before - gone
    best = 0
    for choice in product([None, *mentors], repeat=len(free)):
        new = {(mentor, mentee) for mentor, mentee in zip(choice, free, strict=True) if mentor}
        load = {mentor: sum(one == mentor for one, _ in stands | new) for mentor in mentors}
        if not new & gone and all(load[mentor] <= most for mentor, most in mentors.items()):
            best = max(best, len(stands | new))
    assert town.pairs() == stands
    return best


@pytest.fixture
def town(open_session: sessionmaker[Session]) -> Town:
    return a_town(open_session, mentors_and_mentees)


@pytest.fixture
def circles(open_session: sessionmaker[Session]) -> Town:
    return a_town(open_session, ten_peers, CIRCLES)


def test_a_mentee_who_parted_gets_another_mentor_and_nobody_else_moves(town: Town) -> None:
    before = town.pairs()
    old = mentors_of(town)["Eda"]
    town.part("Eda", town.group(old, "Eda"), then=Afterwards.REMATCH)
    placed = smallest_changes(town, {(old, "Eda")}, before)
    town.written()

    mails = town.apply(town.propose())

    new = mentors_of(town)["Eda"]
    assert new != old
    assert town.pairs() == (before - {(old, "Eda")}) | {(new, "Eda")}
    assert len(town.pairs()) == placed == 4
    assert town.written() == dict(sorted({"Eda": ["introduction"], new: ["introduction"]}.items()))
    assert mails == 2


def test_the_price_says_what_it_costs_and_whom_it_touches(town: Town) -> None:
    old = mentors_of(town)["Eda"]
    town.part("Eda", town.group(old, "Eda"), then=Afterwards.REMATCH)
    proposed = town.propose()

    with town.sessions() as session:
        found = proposals.proposal(session, repair_id=proposed.id, by=None)
        exits = proposals.open_exits(session, cycle_id=town.cycle, by=None)
    town.apply(proposed)

    new = mentors_of(town)["Eda"]
    assert (found.price.placed, found.price.mentees) == ((3, 4), 4)
    assert found.why == exits == ("1 pair has ended.",)
    assert found.does == (f"{new} becomes the mentor of Eda.",)
    assert found.costs[0] == "4 of 4 mentees have a mentor; now it is 3."
    assert found.costs[-1] == "It touches 2 people; only they get a mail."
    assert {person.name for person in found.touches} == {"Eda", new}


def test_what_was_taken_up_is_settled(town: Town) -> None:
    old = mentors_of(town)["Eda"]
    town.part("Eda", town.group(old, "Eda"), then=Afterwards.REMATCH)

    town.apply(town.propose())

    with town.sessions() as session:
        assert session.scalars(select(Parting.settled_at)).all() == [IN_MAY]
        waiting = select(tables.WaitlistRow).where(tables.WaitlistRow.person_id == town.people["Eda"])
        assert session.scalars(waiting).one().settled_at == IN_MAY
        assert proposals.open_exits(session, cycle_id=town.cycle, by=None) == ()
    assert (town.propose().state, town.propose().plan) == ("failed", {"sentence": repair_find.NOTHING})


def test_when_a_mentor_leaves_their_mentees_find_the_free_places(town: Town) -> None:
    before = town.pairs()
    (mentor,) = {mentor for mentor, mentee in before if mentee == "Nel"}
    gone = {pair for pair in before if pair[0] == mentor}
    with town.sessions.begin() as session:
        partings.leave(
            session,
            cycle_id=town.cycle,
            person_id=town.people[mentor],
            by=town.people[mentor],
            now=IN_MAY,
            links=LINKS,
        )

    town.apply(town.propose())

    assert before - gone <= town.pairs()
    assert {mentee for _, mentee in town.pairs()} == {"Eda", "Edo", "Eli", "Nel"}
    assert mentor not in {one for one, _ in town.pairs()}


def test_an_account_that_was_closed_ends_its_pairs_and_the_partner_is_told(town: Town) -> None:
    mentor = mentors_of(town)["Nel"]
    with town.sessions.begin() as session:
        session.get_one(tables.PersonRow, town.people["Nel"]).active = False

    proposed = town.propose()
    mails = town.apply(proposed)

    assert "Nel" not in mentors_of(town)
    assert town.written() == {mentor: ["group_change"]}
    assert mails == 1


def test_who_comes_late_gets_a_free_place(town: Town) -> None:
    before = town.pairs()
    joins_late(town, "Lou", Role.MENTEE)

    town.apply(town.propose())

    assert town.pairs() - before == {(mentors_of(town)["Lou"], "Lou")}
    with town.sessions() as session:
        levels = select(tables.Credit.levels).where(tables.Credit.person_id == town.people["Lou"])
        assert session.scalars(levels).one() in (0, 1)


def test_a_late_pair_has_the_sessions_that_still_fit_and_a_turn_in_each(town: Town) -> None:
    joins_late(town, "Lou", Role.MENTEE)
    in_july = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)

    town.apply(town.propose(now=in_july), now=in_july)

    with town.sessions() as session:
        found = published(session, town.cycle)
        assert found is not None
        (group,) = (one for one in groups(session, found) if one.sits(town.people["Lou"]))
    assert [f"{start:%d %B}" for start in group.starts] == ["02 July", "16 July", "30 July"]
    assert [row.session for row in group.turns] == [0, 1, 2]
    assert group.starts[0] > in_july


def test_both_of_a_new_pair_read_when_it_is_their_turn_to_lead(town: Town) -> None:
    joins_late(town, "Lou", Role.MENTEE)
    in_july = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)

    town.apply(town.propose(now=in_july), now=in_july)

    with town.sessions() as session:
        found = published(session, town.cycle)
        assert found is not None
        (group,) = (one for one in groups(session, found) if one.sits(town.people["Lou"]))
        asked = select(tables.MailRow).where(tables.MailRow.occurrence == str(group.id))
        told = {
            mail.person_id: [f"Session {at + 1}," in mail.text for at in range(len(group.starts))]
            for mail in session.scalars(asked.where(tables.MailRow.kind == "introduction"))
        }
    assert told == {
        person: [row.person_id == person for row in sorted(group.turns, key=lambda row: row.session)]
        for person in group.seats
    }
    assert any(any(turns) for turns in told.values())


def test_a_limit_on_all_somebody_takes_on_holds_in_repairs(town: Town) -> None:
    busy = {mentor for mentor, _ in town.pairs()}
    with town.sessions.begin() as session:
        for name in busy:
            mine = select(tables.EnrolmentRow).where(tables.EnrolmentRow.person_id == town.people[name])
            row = session.scalars(mine).one()
            row.answers = {**row.answers, "most_load": 1}
    joins_late(town, "Lou", Role.MENTEE)
    before = town.pairs()

    idle = {"Mo", "Max", "May"} - busy
    if idle:
        town.apply(town.propose())
    else:
        assert town.propose().plan == {"sentence": repair_find.NOTHING}

    assert {mentor for mentor, _ in town.pairs() - before} == idle


def test_who_leaves_a_circle_has_their_duties_handed_on_and_held_sessions_stay(circles: Town) -> None:
    before, turns = circles.circles(), circles.turns()
    circle = circles.group("Ann")
    circles.part("Ann", circle, then=Afterwards.LEAVE)
    handed = circles.turns()
    circles.written()

    assert circles.propose().state == "failed"
    (mine,) = {members for members in before if "Ann" in members}
    assert circles.circles() == (before - {mine}) | {mine - {"Ann"}}
    assert {turn: who for turn, who in handed.items() if turn[1] < 3} == {
        turn: who for turn, who in turns.items() if turn[1] < 3
    }
    assert "Ann" not in {who for turn, who in handed.items() if turn[1] >= 3}


def test_a_circle_of_three_is_filled_up_and_only_two_circles_hear_of_it(circles: Town) -> None:
    before, turns = circles.circles(), circles.turns()
    (mine,) = {members for members in before if "Ann" in members}
    (theirs,) = before - {mine}
    for name in sorted(mine)[:2]:
        circles.part(name, circles.group(name), then=Afterwards.LEAVE)
    circles.written()
    joins_late(circles, "Lou", Role.PEER)

    circles.apply(circles.propose())

    after = circles.circles()
    assert after == {mine - set(sorted(mine)[:2]) | {"Lou"}, theirs}
    written = circles.written()
    assert set(written) == (mine - set(sorted(mine)[:2])) | {"Lou"}
    assert written["Lou"] == ["circle_introduction"]
    with circles.sessions() as session:
        lou = select(tables.MailRow).where(tables.MailRow.person_id == circles.people["Lou"])
        mail = session.scalars(lou).one()
    (event,) = icalendar.Calendar.from_ical(mail.ics or b"").walk("VEVENT")
    assert event["RRULE"]["COUNT"] == [3]
    assert event["DTSTART"].dt > IN_MAY
    now = circles.turns()
    assert {turn: who for turn, who in now.items() if turn[1] < 3} == {
        turn: who for turn, who in turns.items() if turn[1] < 3
    }


def test_who_changes_circles_leaves_one_calendar_and_enters_another(circles: Town) -> None:
    before = circles.circles()
    (mine,) = {members for members in before if "Ann" in members}
    (theirs,) = before - {mine}
    leaving = sorted(mine)[:2]
    for name in leaving:
        circles.part(name, circles.group(name), then=Afterwards.LEAVE)
    circles.written()

    circles.apply(circles.propose())

    (moved,) = theirs - max(circles.circles(), key=lambda members: len(members & theirs))
    assert circles.circles() == {mine - set(leaving) | {moved}, theirs - {moved}}
    written = circles.written()
    assert written[moved] == ["circle_introduction", "group_change"]
    assert {name: kinds for name, kinds in written.items() if name != moved} == {
        name: ["group_change"] for name in sorted((mine - set(leaving)) | (theirs - {moved}))
    }
    with circles.sessions() as session:
        seats = session.scalars(
            select(tables.CircleMember).where(tables.CircleMember.person_id == circles.people[moved])
        ).all()
    assert sorted((seat.from_session, seat.until_session) for seat in seats) == [(0, 3), (3, None)]


def test_what_was_held_before_leaving_goes_into_the_next_cycle(circles: Town) -> None:
    circle = circles.group("Ann")
    held = sum(who == "Ann" for (_, number, _), who in circles.turns().items() if number < 3)
    circles.part("Ann", circle, then=Afterwards.LEAVE)

    with circles.sessions.begin() as session:
        ledger.settle(session, circles.cycle, circles.people.values())
    with circles.sessions() as session:
        balance = {row.person_id: row.balance for row in session.scalars(select(tables.Credit))}

    duties = len([turn for turn in circles.turns() if turn[0] == circle])
    assert balance[circles.people["Ann"]] == held - duties * 3 // (3 + 4 * 6)


def test_a_second_organiser_is_told_who_was_first(town: Town) -> None:
    organisers = []
    with town.sessions.begin() as session:
        programme = session.get_one(tables.Cycle, town.cycle).programme_id
        for name in ("Oda Organiser", "Otto Organiser"):
            person = stored(session, name)
            programmes.add_organiser(session, programme_id=programme, person_id=person, by=None, now=NOON)
            organisers.append(person)
    old = mentors_of(town)["Eda"]
    town.part("Eda", town.group(old, "Eda"), then=Afterwards.REMATCH)
    proposed, start = town.propose(), Barrier(2)
    ends: list[str] = []

    def apply(by: UUID) -> None:
        start.wait()
        try:
            town.apply(proposed, by=by)
            ends.append("applied")
        except Changed as refused:
            ends.append(refused.sentence)

    threads = [Thread(target=apply, args=(person,)) for person in organisers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with town.sessions() as session:
        first = session.get_one(tables.PersonRow, session.get_one(Repair, proposed.id).settled_by).name
    assert sorted(ends) == sorted(
        ["applied", f"{first} applied this repair on 6 May 2026. Nothing was done twice."]
    )
    assert len(town.pairs()) == 4


def test_a_repair_is_refused_when_somebody_left_since(town: Town) -> None:
    old = mentors_of(town)["Eda"]
    town.part("Eda", town.group(old, "Eda"), then=Afterwards.REMATCH)
    proposed, before = town.propose(), town.pairs()
    with town.sessions.begin() as session:
        enrolment.leave(session, cycle_id=town.cycle, person_id=town.people["Eda"], by=None, now=IN_MAY)

    with pytest.raises(Changed, match="No longer taking part: Eda"):
        town.apply(proposed)

    assert town.pairs() == before


def test_a_repair_is_refused_when_it_is_not_the_one_seen_or_was_dropped(town: Town) -> None:
    old = mentors_of(town)["Eda"]
    town.part("Eda", town.group(old, "Eda"), then=Afterwards.REMATCH)
    first = town.propose()
    second = town.propose()

    with pytest.raises(WrongState, match="nothing to apply"):
        town.apply(first)
    with town.sessions.begin() as session, pytest.raises(Changed, match="not the repair you saw"):
        repair_apply.apply(
            session, repair_id=second.id, seen_hash=first.hash + "0", by=None, now=IN_MAY, links=LINKS
        )
    with town.sessions.begin() as session:
        repair_find.drop(session, repair_id=second.id, by=None, now=IN_MAY)
        repair_find.drop(session, repair_id=second.id, by=None, now=IN_MAY)
    with pytest.raises(WrongState, match="nothing to apply"):
        town.apply(second)


def test_only_organisers_may_repair(town: Town) -> None:
    old = mentors_of(town)["Eda"]
    town.part("Eda", town.group(old, "Eda"), then=Afterwards.REMATCH)
    proposed, outsider = town.propose(), town.people["Mo"]

    with pytest.raises(NotFound):
        town.apply(proposed, by=outsider)
    with pytest.raises(NotFound), town.sessions.begin() as session:
        repair_find.ask(session, cycle_id=town.cycle, by=outsider, now=IN_MAY)
    with pytest.raises(NotFound), town.sessions.begin() as session:
        repair_find.drop(session, repair_id=proposed.id, by=outsider, now=IN_MAY)
    with town.sessions() as session, pytest.raises(NotFound):
        proposals.proposal(session, repair_id=proposed.id, by=outsider)


def test_a_plan_the_check_refuses_is_never_kept(circles: Town) -> None:
    joins_late(circles, "Lou", Role.PEER)

    def tampering(problem: bytes, *, seconds: float, memory_mb: int, report: Report) -> bytes:
        plan = load_repaired(repaired(problem, seconds=seconds, memory_mb=memory_mb, report=report))
        return dump_repaired(type(plan)(**{**vars(plan), "circles": plan.circles[:1]}))

    proposed = circles.propose(solver=tampering)

    assert proposed.state == "failed"
    assert "circle_everyone_once" in proposed.plan["sentence"]


def test_a_real_child_process_repairs(circles: Town) -> None:
    joins_late(circles, "Lou", Role.PEER)

    circles.apply(circles.propose(solver=SolverChild(command=REPAIR)))

    (joined,) = {members for members in circles.circles() if "Lou" in members}
    assert len(joined) == 6


def test_nothing_is_repaired_before_the_publication(open_session: sessionmaker[Session], town: Town) -> None:
    with open_session.begin() as session:
        session.get_one(tables.Cycle, town.cycle).state = "review"

    with pytest.raises(WrongState, match="There is no plan to repair"):
        town.propose()


def test_a_repair_asked_for_twice_is_found_once_and_swept_until_then(town: Town) -> None:
    joins_late(town, "Lou", Role.MENTEE)
    with town.sessions.begin() as session:
        first = repair_find.ask(session, cycle_id=town.cycle, by=None, now=IN_MAY)
        again = repair_find.ask(session, cycle_id=town.cycle, by=None, now=IN_MAY)
    later = IN_MAY + repair_find.PATIENCE + timedelta(seconds=1)

    with town.sessions() as session:
        lost = repair_find.sweep(session, now=IN_MAY), repair_find.sweep(session, now=later)
    found = town.propose()
    repair_find.find(town.sessions, first, run_solver=repaired, clock=lambda: IN_MAY)

    assert (first, lost) == (again, ((), (first,)))
    assert (found.id, found.state) == (first, "proposed")
    with town.sessions() as session:
        assert repair_find.sweep(session, now=later) == ()


def leaves(town: Town, name: str) -> None:
    with town.sessions.begin() as session:
        person = town.people[name]
        partings.leave(session, cycle_id=town.cycle, person_id=person, by=person, now=IN_MAY, links=LINKS)


def both_ways(town: Town) -> tuple[object, object]:
    """What has happened, asked without the plan and with the whole plan read."""
    with town.sessions() as session:
        quick = proposals.happened(session, cycle_id=town.cycle, by=None)
    with town.sessions() as session:
        return quick, world(session, town.cycle, IN_MAY).cause


def test_what_has_happened_is_the_same_with_and_without_reading_the_plan(town: Town) -> None:
    acts: list[Callable[[], object]] = [
        lambda: joins_late(town, "Lou", Role.MENTEE),
        lambda: joins_late(town, "Lea", Role.MENTOR, Role.MENTEE),
        lambda: town.part("Eda", town.group(mentors_of(town)["Eda"], "Eda"), then=Afterwards.REMATCH),
        lambda: leaves(town, "May"),
        lambda: leaves(town, "Lou"),
        lambda: town.apply(town.propose()),
        lambda: joins_late(town, "Lia", Role.PEER),
    ]

    for act in acts:
        act()
        quick, whole = both_ways(town)
        assert quick == whole


def test_what_has_happened_in_circles_is_the_same_both_ways(circles: Town) -> None:
    acts: list[Callable[[], object]] = [
        lambda: joins_late(circles, "Lou", Role.PEER),
        lambda: leaves(circles, "Ann"),
        lambda: circles.apply(circles.propose()),
        lambda: leaves(circles, "Lou"),
    ]

    for act in acts:
        act()
        quick, whole = both_ways(circles)
        assert quick == whole


def keeps(session: Session, cycle_id: UUID, number: int, change: Change) -> None:
    """An organiser has said so before the publication."""
    session.add(
        ManualChange(
            cycle_id=cycle_id,
            number=number,
            kind=change.kind,
            data=change.to_data(),
            reason="They asked for it.",
            made_at=NOON,
        )
    )


def test_a_repair_pairs_nobody_whom_an_organiser_keeps_apart(open_session: sessionmaker[Session]) -> None:
    def enrol(session: Session, cycle_id: UUID) -> dict[str, UUID]:
        mo = enrolled(session, cycle_id, Role.MENTOR, name="Mo")
        eda = enrolled(session, cycle_id, Role.MENTEE, name="Eda")
        keeps(session, cycle_id, 1, Forbid(couple=(eda, mo)))
        return {"Mo": mo, "Eda": eda}

    town = a_town(open_session, enrol)
    before = town.pairs(), town.propose().plan
    joins_late(town, "Lou", Role.MENTEE)
    joins_late(town, "May", Role.MENTOR)

    town.apply(town.propose())

    assert before == (set(), {"sentence": repair_find.NOTHING})
    assert town.pairs() == {("Mo", "Lou"), ("May", "Eda")}


def test_a_repair_gives_no_place_an_organiser_has_taken_off(open_session: sessionmaker[Session]) -> None:
    def enrol(session: Session, cycle_id: UUID) -> dict[str, UUID]:
        people = mentors_and_mentees(session, cycle_id)
        keeps(session, cycle_id, 1, Places(mentor=people["Mo"], places=0))
        return people

    town = a_town(open_session, enrol)
    for name in ("Lou", "Lea"):
        joins_late(town, name, Role.MENTEE, topics_sought=("data",))

    found = town.propose()

    assert {mentor for mentor, _ in town.pairs()} == {"Max", "May"}
    assert found.plan == {"sentence": repair_find.NOTHING}


def test_a_repair_seats_nobody_beside_whom_an_organiser_keeps_apart(
    open_session: sessionmaker[Session],
) -> None:
    def enrol(session: Session, cycle_id: UUID) -> dict[str, UUID]:
        people = {**ten_peers(session, cycle_id), "Lou": stored(session, "Lou")}
        for number, name in enumerate(("Ann", "Ben", "Cem", "Dee"), start=1):
            one, other = sorted((people[name], people["Lou"]))
            keeps(session, cycle_id, number, Apart(couple=(one, other)))
        return people

    town = a_town(open_session, enrol, CIRCLES)
    before = town.circles()
    joins_late(town, "Lou", Role.PEER)

    found = town.propose()
    if found.state == "proposed":
        town.apply(found)

    companions = [members - {"Lou"} for members in town.circles() if "Lou" in members]
    free = [members for members in before if not members & {"Ann", "Ben", "Cem", "Dee"}]
    assert all(not members & {"Ann", "Ben", "Cem", "Dee"} for members in companions)
    assert companions or not free


@pytest.mark.parametrize("seed", range(4))
def test_a_repair_places_as_many_as_the_bans_of_an_organiser_allow(
    open_session: sessionmaker[Session], seed: int
) -> None:
    chance = Random(seed)
    mentors, mentees = ("Mo", "Max", "May"), ("Eda", "Edo", "Eli", "Nel")
    banned = {both for both in product(mentors, mentees) if chance.random() < 0.4}

    def enrol(session: Session, cycle_id: UUID) -> dict[str, UUID]:
        people = mentors_and_mentees(session, cycle_id)
        for number, (mentor, mentee) in enumerate(sorted(banned), start=1):
            keeps(session, cycle_id, number, Forbid(couple=(people[mentee], people[mentor])))
        return people

    town = a_town(open_session, enrol)
    before, gone = town.pairs(), chance.choice(mentors)
    leaves(town, gone)
    stands = {pair for pair in before if pair[0] != gone}

    found = town.propose()
    if found.state == "proposed":
        town.apply(found)

    free = sorted(set(mentees) - {mentee for _, mentee in stands})
    plans = [
        stands | {(mentor, mentee) for mentor, mentee in zip(choice, free, strict=True) if mentor}
        for choice in product([None, *(one for one in mentors if one != gone)], repeat=len(free))
    ]
    most = max(
        len(plan)
        for plan in plans
        if not plan & banned and all(sum(one == mentor for one, _ in plan) <= 2 for mentor in mentors)
    )
    assert not town.pairs() & banned
    assert stands <= town.pairs()
    assert len(town.pairs()) == most
