"""Maximally diverse grouping on a published instance: objective, best, gap_percent, violations, seconds.

File: `n groups ss|ds` and a low and a high size per group, then `i j distance` a line; `.gz` is unpacked. The
published best is looked up by name in `mdgp_best_known.txt` beside the file.
"""

import argparse
import gzip
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any

import numpy as np

from bench.diverse import diverse_groups


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--file", type=Path, help="an instance; without one, 120 people are invented")
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """One row: the sum of distances inside the groups, recounted."""
    distance, low, high = read(args.file) if args.file else invented(args.seed)
    began = perf_counter()
    groups = diverse_groups(
        distance,
        low,
        high,
        seed=args.seed,
        workers=args.workers,
        clock=monotonic,
        remaining=lambda: args.seconds - (perf_counter() - began),
    )
    seconds = perf_counter() - began
    sizes = np.sort([len(group) for group in groups])
    seated = sorted(person for group in groups for person in group)
    value = sum(distance[np.ix_(group, group)].sum() for group in groups) / 2
    best = published(args.file) if args.file else None
    yield {
        "case": args.file.name.split(".")[0] if args.file else "invented",
        "objective": float(value),
        "best": best,
        "gap_percent": 100 * (best - value) / best if best else None,
        "violations": int(seated != list(range(len(distance))))
        + int((sizes < np.sort(low)).sum() + (sizes > np.sort(high)).sum()),
        "seconds": seconds,
    }


def read(file: Path) -> tuple[Any, Any, Any]:
    """Distances (n, n), low and high sizes."""
    text = gzip.decompress(file.read_bytes()).decode() if file.suffix == ".gz" else file.read_text()
    head, _, body = text.partition("\n")
    n, groups, _, *limits = head.split()
    sizes = np.array(limits, np.int64).reshape(int(groups), 2)
    listed = np.array(body.split(), float).reshape(-1, 3)
    distance = np.zeros((int(n), int(n)))
    first, second = listed[:, 0].astype(int), listed[:, 1].astype(int)
    distance[first, second] = distance[second, first] = listed[:, 2]
    return distance, sizes[:, 0].copy(), sizes[:, 1].copy()


def published(file: Path) -> float | None:
    """The best value known of this instance."""
    listed = file.parent / "mdgp_best_known.txt"
    lines = listed.read_text().splitlines() if listed.is_file() else []
    known = {line.split()[0]: float(line.split()[1]) for line in lines[1:] if line.strip()}
    return known.get(file.name.split(".")[0])


def invented(seed: int) -> tuple[Any, Any, Any]:
    """Whole distances from 0 to 100 between 120 people, ten groups of twelve."""
    drawn = np.random.default_rng(seed).integers(0, 101, (120, 120)).astype(float)
    upper = np.triu(drawn, 1)
    return upper + upper.T, np.full(10, 12), np.full(10, 12)
