"""The bench of fair assignment: its figures on an invented case and, where the data is there, on MIDL."""

import argparse
from pathlib import Path

import numpy as np
import pytest

from bench.fair import SHARED, add_arguments, assignment, counted, invented, judged, run, scaled_case
from solver.pairing.several.first import first_choice

MIDL = SHARED / "data" / "fair" / "midl.npz"
FIGURES = {"total", "worst", "violations", "proved", "seconds", "p_seconds"}


def arguments(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(words)


def test_an_invented_case_is_proved_without_violations() -> None:
    (row,) = run(arguments("--case", "invented", "--depth", "3"))
    assert set(row) >= FIGURES
    assert (row["violations"], row["proved"], row["settled"]) == (0, True, 3)


def test_folders_of_data_are_found_by_themselves_or_by_their_parent(tmp_path: Path) -> None:
    (tmp_path / "fair").mkdir()
    np.savez(tmp_path / "fair" / "tiny.npz", **invented(9, 4))
    rows = [next(run(arguments("--data", str(folder)))) for folder in (tmp_path, tmp_path / "fair")]
    assert [(row["case"], row["worst"]) for row in rows] == [("tiny", rows[0]["worst"])] * 2


def test_the_yardstick_and_our_own_count_agree() -> None:
    arrays = invented(20, 10)
    case = scaled_case(arrays, True).case
    assigned = assignment(case, first_choice(case, True).chosen)
    ours, theirs = counted(arrays, assigned, True), judged(arrays, assigned, True)
    assert ours == {key: theirs[key] for key in ours}


@pytest.mark.skipif(not MIDL.is_file(), reason="needs the MIDL scores beside the project")
def test_midl_reaches_its_three_worst_ceilings_and_the_best_total_after_them() -> None:
    (row,) = run(arguments("--case", "midl"))
    assert (row["worst"], row["violations"], row["proved"]) == ([0.9448, 0.9851, 1.0754], 0, True)
    assert row["total"] == pytest.approx(200.7479, abs=1e-4)
