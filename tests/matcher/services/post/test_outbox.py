"""The states of a mail: each step counts only under its own lease, and nothing leaves twice."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.errors import NotFound, WrongState
from matcher.domain.lifecycle import MailState
from matcher.domain.mailing import LATER, LEASE, DeliveryOutcome, Heard, MailKind
from matcher.services.account import people
from matcher.services.post import outbox
from matcher.services.post.outbox import Claim
from matcher.store import tables
from tests.conftest import Clock
from tests.matcher.jobs.outboxes import CYCLE, a_mail, row, state, write_mail

ACCEPTED = DeliveryOutcome(heard=Heard.ACCEPTED, words="250 OK")
NOT_NOW = DeliveryOutcome(heard=Heard.NOT_NOW, words="451 later")
SILENCE = DeliveryOutcome(heard=Heard.NOTHING, words="No reply.")
AFTER_LEASE = LEASE.total_seconds() + 1


def claim(session: Session, now: datetime, worker: str = "first") -> Claim:
    claimed = outbox.claim(session, worker=worker, now=now)
    assert claimed is not None
    return claimed


def handed_over(session: Session, now: datetime) -> Claim:
    claimed = claim(session, now)
    assert outbox.hand_over(session, claimed, now=now)
    return claimed


def history(session: Session, mail_id: UUID) -> list[str]:
    events = select(tables.MailEvent).where(tables.MailEvent.mail_id == mail_id)
    found = session.scalars(events).all()
    return sorted((event.state for event in found), key=list(MailState).index)


def test_mail_goes_from_queued_to_sent_by_four_states(session: Session, now: datetime) -> None:
    mail_id = write_mail(session, 1, now=now)

    claimed = handed_over(session, now)
    assert outbox.record(session, claimed, ACCEPTED, now=now)

    kept = row(session, mail_id)
    assert (kept.state, kept.reply, kept.attempts, kept.settled_at) == ("sent", "250 OK", 1, now)
    assert (kept.lease_token, kept.lease_until, kept.worker) == (None, None, None)
    assert history(session, mail_id) == ["claimed", "handing_over", "sent"]
    assert outbox.tally(session, CYCLE) == {MailState.SENT: 1}


def test_one_mail_is_claimed_by_one_worker_only(session: Session, now: datetime) -> None:
    write_mail(session, 1, now=now)

    claim(session, now)

    assert outbox.claim(session, worker="second", now=now) is None


def test_second_mail_for_the_same_occasion_is_refused(session: Session, now: datetime) -> None:
    person = people.ensure(session, email="ina@river.example", name="Ina", now=now)
    words = {"cycle": CYCLE, "person": person, "kind": MailKind.INTRODUCTION, "now": now}
    outbox.write(session, a_mail(uuid4(), "ina@river.example"), occurrence="pair 1", **words)
    outbox.write(session, a_mail(uuid4(), "ina@river.example"), occurrence="pair 2", **words)

    with pytest.raises(IntegrityError):
        outbox.write(session, a_mail(uuid4(), "ina@river.example"), occurrence="pair 1", **words)


def test_mail_of_no_cycle_counts_too(session: Session, now: datetime) -> None:
    person = people.ensure(session, email="ina@river.example", name="Ina", now=now)
    words = {"cycle": None, "person": person, "kind": MailKind.SIGN_IN, "occurrence": "token", "now": now}
    outbox.write(session, a_mail(uuid4(), "ina@river.example"), **words)

    with pytest.raises(IntegrityError):
        outbox.write(session, a_mail(uuid4(), "ina@river.example"), **words)


def test_dead_lease_before_the_last_word_goes_back(session: Session, clock: Clock) -> None:
    mail_id = write_mail(session, 1, now=clock())
    lost = claim(session, clock())

    assert outbox.sweep(session, now=clock()) == 0
    assert outbox.sweep(session, now=clock.forward(seconds=AFTER_LEASE)) == 1

    assert state(session, mail_id) is MailState.QUEUED
    assert not outbox.hand_over(session, lost, now=clock())
    assert not outbox.record(session, lost, ACCEPTED, now=clock())
    assert claim(session, clock(), worker="second").tries.attempts == 2


def test_worker_whose_mail_was_taken_over_can_do_nothing_to_it(session: Session, clock: Clock) -> None:
    mail_id = write_mail(session, 1, now=clock())
    lost = claim(session, clock())
    outbox.sweep(session, now=clock.forward(seconds=AFTER_LEASE))
    mine = claim(session, clock(), worker="second")

    assert not outbox.hand_over(session, lost, now=clock())
    assert not outbox.release(session, lost, now=clock())
    assert not outbox.record(session, lost, NOT_NOW, now=clock())
    assert outbox.hand_over(session, mine, now=clock())
    for outcome in (ACCEPTED, NOT_NOW, SILENCE):
        assert not outbox.record(session, lost, outcome, now=clock())

    assert row(session, mail_id).lease_token == mine.token
    assert state(session, mail_id) is MailState.HANDING_OVER


def test_renewed_lease_stays_alive(session: Session, clock: Clock) -> None:
    mail_id = write_mail(session, 1, now=clock())
    claimed = claim(session, clock())

    for _ in range(6):
        outbox.renew(session, [claimed.token], now=clock.forward(seconds=20))
        outbox.sweep(session, now=clock())

    assert state(session, mail_id) is MailState.CLAIMED
    assert outbox.hand_over(session, claimed, now=clock())


def test_lease_cannot_be_renewed_once_it_is_lost(session: Session, clock: Clock) -> None:
    mail_id = write_mail(session, 1, now=clock())
    lost = claim(session, clock())
    outbox.sweep(session, now=clock.forward(seconds=AFTER_LEASE))
    later = claim(session, clock(), worker="second")

    outbox.renew(session, [lost.token], now=clock.forward(seconds=20))

    kept = row(session, mail_id)
    assert (kept.lease_token, kept.worker) == (later.token, "second")
    assert kept.lease_until == clock() - timedelta(seconds=20) + LEASE


@pytest.mark.parametrize("kind", [MailKind.INTRODUCTION, MailKind.WAITLIST, MailKind.GROUP_CHANGE])
def test_dead_lease_after_the_last_word_is_uncertain_and_held(
    session: Session, clock: Clock, kind: MailKind
) -> None:
    mail_id = write_mail(session, 1, now=clock(), kind=kind)
    handed_over(session, clock())

    assert outbox.sweep(session, now=clock.forward(seconds=AFTER_LEASE)) == 0

    assert state(session, mail_id) is MailState.UNCERTAIN
    assert outbox.doubtful(session, CYCLE) == (mail_id,)
    assert outbox.claim(session, worker="second", now=clock.forward(days=30)) is None


def test_no_reply_after_the_last_word_is_uncertain(session: Session, now: datetime) -> None:
    mail_id = write_mail(session, 1, now=now)

    outbox.record(session, handed_over(session, now), SILENCE, now=now)

    assert (state(session, mail_id), row(session, mail_id).reply) == (MailState.UNCERTAIN, "No reply.")


@pytest.mark.parametrize("kind", [MailKind.SIGN_IN, MailKind.ESCALATION])
def test_a_mail_that_harms_nobody_twice_goes_again_when_in_doubt_but_not_for_ever(
    session: Session, now: datetime, kind: MailKind
) -> None:
    mail_id = write_mail(session, 1, now=now, kind=kind)

    states = []
    for _ in range(3):
        outbox.record(session, handed_over(session, now), SILENCE, now=now)
        states.append(state(session, mail_id))

    assert states == [MailState.QUEUED, MailState.QUEUED, MailState.UNCERTAIN]


@pytest.mark.parametrize("kind", [MailKind.SIGN_IN, MailKind.CHECK_IN])
def test_a_link_that_opens_something_is_forgotten_once_it_is_sent(
    session: Session, now: datetime, kind: MailKind
) -> None:
    mail_id = write_mail(session, 1, now=now, kind=kind)
    assert row(session, mail_id).text != ""

    outbox.record(session, handed_over(session, now), ACCEPTED, now=now)

    assert (row(session, mail_id).text, row(session, mail_id).html) == ("", "")


def test_introduction_is_kept_for_those_who_ask_later(session: Session, now: datetime) -> None:
    mail_id = write_mail(session, 1, now=now)

    outbox.record(session, handed_over(session, now), ACCEPTED, now=now)

    assert row(session, mail_id).text.startswith("Hello Ina")


@pytest.mark.parametrize("kind", [MailKind.REMINDER, MailKind.CHECK_IN])
def test_reminder_in_doubt_is_dropped(session: Session, now: datetime, kind: MailKind) -> None:
    mail_id = write_mail(session, 1, now=now, kind=kind)

    outbox.record(session, handed_over(session, now), SILENCE, now=now)

    assert state(session, mail_id) is MailState.CANCELLED


def test_late_reply_settles_an_uncertain_mail(session: Session, clock: Clock) -> None:
    mail_id = write_mail(session, 1, now=clock())
    slow = handed_over(session, clock())
    outbox.sweep(session, now=clock.forward(seconds=AFTER_LEASE))

    assert outbox.record(session, slow, ACCEPTED, now=clock())

    assert state(session, mail_id) is MailState.SENT


def test_uncertain_mail_is_sent_again_only_when_somebody_says_so(session: Session, now: datetime) -> None:
    mail_id = write_mail(session, 1, now=now)
    first = handed_over(session, now)
    outbox.record(session, first, SILENCE, now=now)

    outbox.resend(session, mail_id, by=uuid4(), now=now)

    again = claim(session, now)
    assert again.row.message_id == first.row.message_id
    assert not outbox.record(session, first, ACCEPTED, now=now)


def test_uncertain_mail_can_be_called_delivered(session: Session, now: datetime) -> None:
    mail_id = write_mail(session, 1, now=now)
    outbox.record(session, handed_over(session, now), SILENCE, now=now)

    outbox.settle(session, mail_id, by=uuid4(), now=now)

    assert state(session, mail_id) is MailState.SENT


def test_only_uncertain_mails_are_decided_by_hand(session: Session, now: datetime) -> None:
    mail_id = write_mail(session, 1, now=now)

    with pytest.raises(WrongState, match="This mail is queued"):
        outbox.resend(session, mail_id, by=uuid4(), now=now)
    with pytest.raises(NotFound):
        outbox.resend(session, uuid4(), by=uuid4(), now=now)


def test_not_now_is_tried_after_ever_longer_waits_and_then_given_up(session: Session, clock: Clock) -> None:
    mail_id = write_mail(session, 1, now=clock())

    waits = []
    for _ in LATER:
        outbox.record(session, claim(session, clock()), NOT_NOW, now=clock())
        assert state(session, mail_id) is MailState.DEFERRED
        due_at = row(session, mail_id).due_at
        waits.append(due_at - clock())
        assert outbox.claim(session, worker="early", now=due_at - timedelta(seconds=1)) is None
        clock.moment = due_at
    outbox.record(session, claim(session, clock()), NOT_NOW, now=clock())

    assert tuple(waits) == LATER
    assert (state(session, mail_id), row(session, mail_id).reply) == (
        MailState.FAILED,
        "Refused 6 times: 451 later",
    )


@pytest.mark.parametrize("heard", [Heard.REFUSED, Heard.UNWRITABLE])
def test_no_for_good_fails_at_once_with_its_reason(session: Session, now: datetime, heard: Heard) -> None:
    mail_id = write_mail(session, 1, now=now)

    outbox.record(
        session, claim(session, now), DeliveryOutcome(heard=heard, words="550 no such user"), now=now
    )

    kept = row(session, mail_id)
    assert (kept.state, kept.reply, kept.settled_at) == ("failed", "550 no such user", now)


def test_server_that_is_away_costs_no_try(session: Session, clock: Clock) -> None:
    mail_id = write_mail(session, 1, now=clock())
    away = DeliveryOutcome(heard=Heard.UNREACHABLE, words="connection refused")

    waits = []
    for _ in range(20):
        outbox.record(session, claim(session, clock()), away, now=clock())
        waits.append(row(session, mail_id).due_at - clock())
        clock.moment = row(session, mail_id).due_at

    assert waits == [LATER[0], LATER[1], *[LATER[2]] * 18]
    assert row(session, mail_id).refusals == 0


def test_server_that_is_away_for_days_is_given_up(session: Session, clock: Clock) -> None:
    mail_id = write_mail(session, 1, now=clock())
    clock.forward(days=4, seconds=1)

    away = DeliveryOutcome(heard=Heard.UNREACHABLE, words="connection refused")
    outbox.record(session, claim(session, clock()), away, now=clock())

    assert row(session, mail_id).reply == "Given up after 4 days: connection refused"


def test_mail_that_stops_its_worker_is_poison_after_five_times(session: Session, clock: Clock) -> None:
    mail_id = write_mail(session, 1, now=clock())

    for _ in range(5):
        clock.moment = max(clock(), row(session, mail_id).due_at)
        claim(session, clock())
        outbox.sweep(session, now=clock.forward(seconds=AFTER_LEASE))

    kept = row(session, mail_id)
    assert (kept.state, kept.crashes) == ("failed", 5)
    assert kept.reply == "The worker stopped 5 times while it wrote this mail."


def test_poison_waits_behind_the_others(session: Session, clock: Clock) -> None:
    poison = write_mail(session, 1, now=clock())
    claim(session, clock())
    other = write_mail(session, 2, now=clock.forward(seconds=1))
    outbox.sweep(session, now=clock.forward(seconds=AFTER_LEASE))

    assert [claim(session, clock()).id for _ in range(2)] == [other, poison]


def test_mail_to_somebody_inactive_is_cancelled_before_the_last_word(session: Session, now: datetime) -> None:
    mail_id = write_mail(session, 1, now=now)
    claimed = claim(session, now)
    people.update(session, claimed.row.person_id, active=False)

    assert not outbox.hand_over(session, claimed, now=now)

    kept = row(session, mail_id)
    assert (kept.state, kept.reply) == ("cancelled", "This person is no longer active.")


def test_mails_to_somebody_who_leaves_are_withdrawn(session: Session, now: datetime) -> None:
    waiting, sent = write_mail(session, 2, now=now), write_mail(session, 1, now=now - timedelta(hours=1))
    outbox.record(session, handed_over(session, now), ACCEPTED, now=now)
    people_of = {each: row(session, each).person_id for each in (waiting, sent)}

    assert [outbox.withdraw(session, people_of[each], now=now) for each in (waiting, sent)] == [1, 0]

    assert [state(session, each) for each in (waiting, sent)] == [MailState.CANCELLED, MailState.SENT]


def test_released_mail_is_free_at_once_and_no_crash(session: Session, now: datetime) -> None:
    mail_id = write_mail(session, 1, now=now)

    assert outbox.release(session, claim(session, now), now=now)

    assert (row(session, mail_id).state, row(session, mail_id).crashes) == ("queued", 0)


def test_one_domain_never_takes_all_lanes(session: Session, now: datetime) -> None:
    for number in range(5):
        write_mail(session, number, now=now, domain="slow.example")
    quick = write_mail(session, 9, now=now + timedelta(seconds=1), domain="quick.example")
    later = now + timedelta(seconds=2)

    domains = [claim(session, later).row.domain for _ in range(4)]

    assert domains == ["slow.example"] * 3 + ["quick.example"]
    assert state(session, quick) is MailState.CLAIMED
    assert outbox.claim(session, worker="first", now=later) is None


def test_mails_of_a_dead_worker_block_no_domain(session: Session, now: datetime) -> None:
    for number in range(6):
        write_mail(session, number, now=now)
    for _ in range(3):
        claim(session, now, worker="dead")

    assert [claim(session, now, worker="next").row.domain for _ in range(3)] == ["river.example"] * 3
