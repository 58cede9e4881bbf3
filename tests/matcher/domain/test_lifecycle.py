"""Moves: only the legal ones, and a sentence for all others."""

import pytest

from matcher.domain.errors import WrongState
from matcher.domain.lifecycle import MOVES, CycleState, MailState, RunState, move, moves


def test_every_state_of_every_kind_has_its_moves() -> None:
    for kind, table in MOVES.items():
        assert set(table) == set(kind)
        for state, targets in table.items():
            assert {type(target) for target in targets} <= {kind}
            assert moves(state) == targets


def test_a_cycle_goes_its_whole_road() -> None:
    road = [
        CycleState.OPEN,
        CycleState.CLOSED,
        CycleState.REVIEW,
        CycleState.PUBLISHED,
        CycleState.RUNNING,
        CycleState.COMPLETED,
        CycleState.ARCHIVED,
    ]
    state = CycleState.DRAFT
    for to in road:
        state = move(state, to)

    assert moves(state) == ()


@pytest.mark.parametrize(
    ("state", "to", "sentence"),
    [
        (
            CycleState.ARCHIVED,
            CycleState.OPEN,
            "This cycle is archived, so it cannot become open. Nothing more can be done with it.",
        ),
        (
            CycleState.PUBLISHED,
            CycleState.PUBLISHED,
            "This cycle is published, so it cannot become published. Now you can let it run or cancel it.",
        ),
        (
            MailState.SENT,
            MailState.QUEUED,
            "This mail is sent, so it cannot become queued. Nothing more can be done with it.",
        ),
    ],
)
def test_illegal_moves_say_what_can_be_done(
    state: CycleState | MailState, to: CycleState | MailState, sentence: str
) -> None:
    with pytest.raises(WrongState) as told:
        move(state, to)

    assert told.value.sentence == sentence


def test_a_finished_run_stays_as_it_is() -> None:
    for state in (RunState.DONE, RunState.FAILED, RunState.CANCELLED):
        assert moves(state) == ()
