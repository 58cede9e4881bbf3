"""The summary reads as a person would tell it: numbers with their words, reasons by example."""

from dataclasses import replace
from uuid import uuid4

import pytest

from matcher.domain.lifecycle import MailState
from matcher.domain.matching.fairness import Fairness
from matcher.domain.people import Person, Role
from matcher.services.review.draft_summary import (
    Review,
    ReviewedCircle,
    ReviewedDuty,
    ReviewedPair,
    ReviewedWaiting,
)
from seed import telling


def somebody(function: str = "Data") -> Person:
    return Person(id=uuid4(), email="a@example.org", name="Ada", function=function)


ADA, BOB, CY, DEE = somebody(), somebody("Sales"), somebody(), somebody()


def pair(mentor: Person, mentee: Person) -> ReviewedPair:
    return ReviewedPair(mentor=mentor, mentee=mentee, points=7, most=9, word="good", reasons=())


def waits(role: Role, *sentences: str) -> ReviewedWaiting:
    return ReviewedWaiting(person=somebody(), role=role, sentences=sentences)


EMPTY = Review(
    draft_id=uuid4(),
    cycle_id=uuid4(),
    run_id=uuid4(),
    hash="",
    fairness=Fairness(mentees=3, placed=0, pairs=0, total=0, lowest=0, median=0, words=()),
    pairs=(),
    waiting=(),
    circles=(),
)
FULL = replace(
    EMPTY,
    fairness=Fairness(mentees=3, placed=2, pairs=2, total=14, lowest=7, median=7, words=(("good", 2),)),
    pairs=(pair(ADA, BOB), pair(ADA, CY)),
    circles=(
        ReviewedCircle(
            number=1,
            slot=3,
            members=(BOB, CY, DEE),
            duties=(
                ReviewedDuty(session=1, duty="facilitator", person=BOB),
                ReviewedDuty(session=2, duty="facilitator", person=CY),
            ),
        ),
    ),
    waiting=(
        waits(Role.MENTEE, "No mentor yet.", "62 mentors fit you, but every place is taken."),
        waits(Role.MENTEE, "No mentor yet.", "7 mentors fit you, but every place is taken."),
        waits(Role.MENTEE, "No mentor yet.", "Nobody shares a language with you."),
        waits(Role.PEER, "No circle yet.", "One or two people more, and there would be one."),
    ),
)


def test_a_full_cycle_is_told_part_by_part():
    assert list(telling.summary(FULL, {MailState.SENT: 7, MailState.UNCERTAIN: 1})) == [
        "  Pairs       2 pairs of 1 mentor and 2 mentees; 1 across functions.",
        "  Fairness    2 of 3 mentees placed: 2 good.",
        "  Circles     1 circle of 3 people, 3 in all; each has an hour all can make.",
        "  Rota        2 duties over 2 sessions; nobody holds one they declined.",
        "              In 1 of 1 circle all members hold the same number, give or take one.",
        "  Waiting     Each with a reason of their own:",
        "                3 mentees",
        "                  2 × “62 mentors fit you, but every place is taken.”",
        "                  1 × “Nobody shares a language with you.”",
        "                1 peer",
        "                  1 × “One or two people more, and there would be one.”",
        "  Mails       7 delivered, each once; 1 uncertain.",
    ]


def test_an_empty_cycle_is_told_as_plainly():
    assert list(telling.summary(EMPTY, {})) == [
        "  Pairs       0 pairs of 0 mentors and 0 mentees; 0 across functions.",
        "  Fairness    None of 3 mentees could be placed.",
        "  Circles     None this time.",
        "  Rota        No duties to share out.",
        "  Waiting     Nobody.",
        "  Mails       0 delivered, each once.",
    ]


def test_long_lines_are_broken_under_their_own_beginning():
    lines = list(telling.labelled("Label", ["  " + "word " * 40]))

    assert max(map(len, lines)) <= telling.WIDTH + 2
    assert [line[: telling.COLUMN + 4] for line in lines] == [
        "  Label         ",
        *[" " * 16] * (len(lines) - 1),
    ]


@pytest.mark.parametrize(("name", "words"), [("fair", "Lifting"), ("something new", "Working")])
def test_every_stage_has_words(name, words):
    assert telling.stage(name).startswith(words)
