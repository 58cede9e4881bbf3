"""Social golfers: rounds of groups in which as few pairs as possible meet again. Keys: repeats, seconds."""

import argparse
from collections.abc import Iterator
from time import perf_counter
from typing import Any

from bench.designs import design, repeats


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--groups", type=int, default=8)
    parser.add_argument("--size", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=30.0)


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """One row: the rounds found, judged by counting meetings."""
    began = perf_counter()
    rounds = design(
        args.groups, args.size, args.rounds, args.seed, lambda: args.seconds - (perf_counter() - began)
    )
    yield {
        "case": f"{args.groups}-{args.size}-{args.rounds}",
        "repeats": repeats(rounds),
        "seconds": perf_counter() - began,
    }
