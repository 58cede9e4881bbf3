"""The UK Civil Service sample under its own rules: who can be placed, and how well.

Different organisation; the mentor one grade (9 points) or two (12) above; same profession 10; the wished
identity among the mentor's characteristics, if the mentee asked for it, 6. Every mentee asks for one mentor.
"""

import argparse
import csv
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from solver.check import check
from solver.files import Plan, Problem
from solver.pairing.problem import Criterion, PairingProblem, Rule
from solver.pairing.solve import solve_pairing
from solver.settings import SolveSettings, silent, unhurried

GRADES = ("AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4")

Row = dict[str, str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", required=True, type=Path, help="folder with small/ and large/")
    parser.add_argument("--size", choices=("small", "large"), default="large")
    parser.add_argument("--capacity", type=int, default=1, help="mentees each mentor takes")


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    began = time.perf_counter()
    problem = read_problem(args.data / args.size, args.capacity)
    solving = time.perf_counter()
    plan = solve_pairing(problem, SolveSettings(), unhurried, silent)
    solved = time.perf_counter()
    people = np.arange(problem.mentees + problem.mentors)
    verdict = check(Problem(people=people, pairing=problem), Plan(pairing=plan))
    yield {
        "placed": plan.placed,
        "total": plan.total,
        "violations": len(verdict.breaches),
        "proved": plan.proved,
        "solve_seconds": round(solved - solving, 3),
        "whole_seconds": round(time.perf_counter() - began, 3),
    }


def read_problem(folder: Path, capacity: int) -> PairingProblem:
    """The two files as a pairing problem whose utilities are the sample's own scores."""
    mentees, mentors = read_rows(folder / "mentees.csv"), read_rows(folder / "mentors.csv")
    number = _numbering([*mentees, *mentors], ("organisation", "profession"))
    identities = sorted({identity for row in mentors for identity in _listed(row["characteristics"])})
    offered = [_listed(row["characteristics"]) for row in mentors]
    asked = [row for row in mentees if row["match with similar identity"] == "yes"]
    wished = [_listed(row["identity to match"]) if row in asked else () for row in mentees]
    return PairingProblem(
        mentee_people=np.arange(len(mentees)),
        mentor_people=np.arange(len(mentees), len(mentees) + len(mentors)),
        capacity=np.full(len(mentors), capacity),
        mentee_columns=_columns(mentees, number),
        mentor_columns=_columns(mentors, number),
        mentee_bits={"identity": _bits(wished, identities)},
        mentor_bits={"identity": _bits(offered, identities)},
        rules=(
            Rule(kind="differ", column="organisation"),
            Rule(kind="gap", column="grade", least=1, most=2),
        ),
        criteria=(
            Criterion(kind="gap", column="grade", points=12, least=1, table=(9, 12)),
            Criterion(kind="same", column="profession", points=10),
            Criterion(kind="any", column="identity", points=6),
        ),
        mode="total",
    )


def read_rows(path: Path) -> list[Row]:
    with path.open(newline="", encoding="utf-8-sig") as lines:
        return list(csv.DictReader(lines))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _numbering(rows: Sequence[Row], names: Sequence[str]) -> dict[tuple[str, str], int]:
    values = sorted({(name, row[name]) for row in rows for name in names})
    return {value: place for place, value in enumerate(values)}


def _columns(rows: Sequence[Row], number: dict[tuple[str, str], int]) -> dict[str, Any]:
    columns = {
        name: np.array([number[name, row[name]] for row in rows]) for name in ("organisation", "profession")
    }
    return {**columns, "grade": np.array([GRADES.index(row["grade"]) for row in rows])}


def _bits(listed: Sequence[Sequence[str]], known: Sequence[str]) -> Any:
    bits = np.zeros((len(listed), 1), np.uint64)
    for row, names in enumerate(listed):
        bits[row, 0] = sum(1 << known.index(name) for name in names if name in known)
    return bits
