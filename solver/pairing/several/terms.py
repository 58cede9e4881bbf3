"""From a pairing problem to a case of several mentors each: pins taken out, rows in the order of the draw."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from solver.lots import drawn
from solver.pairing.goals import level_of, line_of
from solver.pairing.market import PinError
from solver.pairing.problem import Ints, PairingProblem
from solver.pairing.scoring import Utilities
from solver.pairing.several.case import Case, Flags, StepLadder, lots

MOST_PAIRS = 4_000_000
KEPT_EACH = 100


@dataclass(frozen=True, kw_only=True, eq=False)
class Terms:
    """What is asked of a case beyond its limits, in this order.

    `low_first`: minimum loads before levels (else after them); `first_steps` rows (n,) of pairs that should
    be many, the most important first; `depth` lowest places to lift, 0 for none; `cross` (n,) flags of pairs
    that count for the share and `cross_least` how many there should be; `credit` (E,); `even_load` at the
    end.
    """

    low_first: bool = False
    first_steps: tuple[Ints, ...] = ()
    depth: int = 0
    cross: Ints | None = None
    cross_least: int = 0
    credit: Ints | None = None
    even_load: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class DrawnCase:
    """A case whose rows are drawn by lot: `mentee_rows`, `mentor_rows` say which of the problem's they are.

    `whole`: all allowed pairs are in it; `most`: no plan of all pairs has a higher total without the pins.
    """

    case: Case
    mentee_rows: Ints
    mentor_rows: Ints
    pinned_utility: Ints
    whole: bool
    most: int


def drawn_case(problem: PairingProblem, utilities: Utilities, seed: int, people: Ints | None) -> DrawnCase:
    """The problem without its pins; opaque ids and the seed decide the order of the rows.

    Raises `PinError` if a pin breaks a hard rule.
    """
    mentees = _draw(problem.mentee_people, people, seed)
    mentors = _draw(problem.mentor_people, people, seed)
    pins = problem.pinned
    values = np.array([int(utilities.block(e, e + 1)[0, m]) for e, m in pins.tolist()], np.int64)
    if (values < 0).any():
        raise PinError(f"Pins {pins[values < 0].tolist()} break a hard rule.")
    had = np.bincount(pins[:, 0], minlength=problem.mentees)
    load = np.bincount(pins[:, 1], minlength=problem.mentors)
    base = np.zeros(problem.mentees, np.int64)
    np.add.at(base, pins[:, 0], values)
    room = np.minimum(np.maximum(problem.capacity - load, 0), problem.mentees)
    wanted = np.maximum(problem.asked - had, 0)
    mentee, mentor, utility = _pairs(problem, utilities, (wanted > 0)[:, None] & (room > 0)[None, :])
    kept = _promising(mentee, mentor, utility)
    order = np.flatnonzero(kept)[np.lexsort((_place(mentors)[mentor[kept]], _place(mentees)[mentee[kept]]))]
    whole = ladder_of(problem)
    case = Case(
        mentee=_place(mentees)[mentee[order]],
        mentor=_place(mentors)[mentor[order]],
        utility=utility[order],
        wanted=wanted[mentees],
        capacity=room[mentors],
        low=np.minimum(np.maximum(problem.lows - load, 0), room)[mentors],
        had=had[mentees],
        base=base[mentees],
        ladder=replace(whole, line=whole.line[mentees], credit=whole.credit[mentees]),
    )
    return DrawnCase(
        case=case,
        mentee_rows=mentees,
        mentor_rows=mentors,
        pinned_utility=values,
        whole=bool(kept.all()),
        most=int(case.tops[np.arange(case.mentees), case.wanted].sum()),
    )


def ladder_of(problem: PairingProblem) -> StepLadder:
    """The levels of each mentee: the line counts once for each mentor asked for."""
    line = line_of(problem) * problem.asked
    return StepLadder(line=line, levels=problem.levels, credit=problem.credits)


def terms_of(problem: PairingProblem, draw: DrawnCase) -> Terms:
    """The goals of the policy's mode for a drawn case."""
    fair = problem.mode in ("fair", "full")
    case, steps = draw.case, ()
    if problem.mode == "first":
        level = level_of(case.utility, problem.line, problem.levels)
        steps = tuple((level == b).astype(np.int64) for b in range(problem.levels + 1, 1, -1))
    cross, least = _cross(problem, draw)
    return Terms(
        low_first=problem.low_first,
        first_steps=steps,
        depth=problem.mentees if fair else 0,
        cross=cross,
        cross_least=least,
        credit=problem.credits[draw.mentee_rows] if fair else None,
        even_load=problem.even_load,
    )


def _cross(problem: PairingProblem, draw: DrawnCase) -> tuple[Ints | None, int]:
    """(n,) which pairs count for the cross share, and how many are asked for beyond the pinned."""
    if not problem.cross_share or problem.cross_column is None:
        return None, 0
    mine = problem.mentee_columns[problem.cross_column]
    theirs = problem.mentor_columns[problem.cross_column]
    case, pins = draw.case, problem.pinned
    cross = mine[draw.mentee_rows[case.mentee]] != theirs[draw.mentor_rows[case.mentor]]
    pinned = int((mine[pins[:, 0]] != theirs[pins[:, 1]]).sum())
    least = -(-int(problem.asked.sum()) * problem.cross_share // 1000) - pinned
    return cross.astype(np.int64), max(0, least)


def _draw(rows: Ints, people: Ints | None, seed: int) -> Ints:
    ids = rows if people is None else people[rows]
    return np.argsort(drawn(ids, seed), kind="stable")


def _place(order: Ints) -> Ints:
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return place


def _pairs(problem: PairingProblem, utilities: Utilities, open_: Any) -> tuple[Ints, Ints, Ints]:
    """Mentee, mentor and utility of every allowed pair that is not pinned and may still be wanted."""
    mentees, mentors = utilities.shape
    step = max(1, 1_000_000 // max(1, mentors))
    pinned = np.zeros((0, 2), np.int64) if not len(problem.pinned) else problem.pinned
    found: list[tuple[Ints, Ints, Ints]] = []
    for start in range(0, mentees, step):
        block = np.array(utilities.block(start, min(mentees, start + step)), np.int64)
        block[~open_[start : start + step]] = -1
        here = pinned[(pinned[:, 0] >= start) & (pinned[:, 0] < start + step)]
        block[here[:, 0] - start, here[:, 1]] = -1
        e, m = np.nonzero(block >= 0)
        found.append((e + start, m, block[e, m]))
    if not found:
        none = np.zeros(0, np.int64)
        return none, none, none
    mentee, mentor, utility = (np.concatenate(part) for part in zip(*found, strict=True))
    return mentee, mentor, utility


def _promising(mentee: Ints, mentor: Ints, utility: Ints) -> Flags:
    """All pairs if they are few enough, else the best of each mentee and each mentor."""
    if len(mentee) <= MOST_PAIRS:
        return np.ones(len(mentee), bool)
    keep = np.zeros(len(mentee), bool)
    for side in (mentee, mentor):
        order = np.lexsort((lots(np.arange(len(side))), -utility, side))
        owner = side[order]
        keep[order[np.arange(len(order)) - np.searchsorted(owner, owner) < KEPT_EACH]] = True
    return keep
