"""`python -m bench NAME [options] [--json]`: one bench as a table, or one JSON object a line."""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

BENCHES = {
    "civil-service": ("bench.civil_service", "pairs of the UK Civil Service sample under their rules"),
    "pairing": ("bench.pairing", "proved pairing at scale, against the yardstick's units P and S"),
    "fair": ("bench.fair", "several mentors per mentee: MIDL, AAMAS"),
    "repair": ("bench.repair", "a mentor leaves: who else must move"),
    "whatif": ("bench.whatif", "a question answered by a warm solver"),
    "peers": ("bench.peers", "other packages on the same case, in the same run"),
    "plots": ("bench.plots", "levels before and after, gap over time, time against size, as SVG"),
    "circles": ("bench.circles", "circles against the yardstick's objective and bound"),
    "matching": ("bench.matching", "peer pairs and trios, proved; pairs alone also by networkx"),
    "rota": ("bench.rota", "rotating duties, all proved"),
    "cycles": ("bench.cycles", "eight cycles of one pool: reunions, spread of duties, worst balance"),
    "golfer": ("bench.golfer", "rounds in which nobody meets anybody twice"),
    "pages": ("bench.pages", "every page of the demo: time, questions to the database, weight"),
    "desk-pages": ("bench.desk_pages", "every page of the organiser's desk over a draft of that many people"),
    "whole-run": ("bench.whole_run", "a run from sign-ups to a stored draft: where the time goes"),
    "desk-import": ("bench.desk_import", "an import: dry run, commit, the same again, taken back"),
    "desk-questions": ("bench.desk_questions", "each kind of what-if question, by its page"),
    "desk-run": ("bench.desk_run", "the site and its run page while a real run works"),
    "mdgp": ("bench.mdgp", "groups as different inside as can be, against published bests"),
}

QUICK: tuple[tuple[str, ...], ...] = (
    ("pairing", "--mentees", "2000", "--seed", "0", "--mode", "fair", "--levels", "20", "--reference"),
    ("repair", "--mentees", "1000", "--seed", "0"),
    ("whatif", "--people", "300", "--seed", "0", "--questions", "6"),
    ("peers", "--mentees", "200"),
    ("plots", "--mentees", "1000"),
    ("circles", "--people", "600", "--seed", "1"),
    ("matching", "--people", "301"),
    ("rota", "--circles", "300"),
    ("golfer", "--groups", "5", "--size", "3", "--rounds", "7"),
    ("mdgp",),
    ("cycles", "--people", "40", "--seconds", "1"),
)
"""What `all` runs: needs nothing but the project itself."""


def main(arguments: Sequence[str]) -> int:
    """Runs one bench, or the quick selection; 2 if it does not exist."""
    if not arguments or arguments[0] not in {*BENCHES, "all"}:
        print("python -m bench NAME [options] [--json], where NAME is one of:", file=sys.stderr)
        for name, (_, sentence) in BENCHES.items():
            print(f"  {name:14} {sentence}", file=sys.stderr)
        print("  all            a quick selection of them", file=sys.stderr)
        return 2
    as_json = "--json" in arguments
    chosen = QUICK if arguments[0] == "all" else (tuple(a for a in arguments if a != "--json"),)
    for name, *options in chosen:
        rows = _rows(name, options)
        if as_json:
            for row in rows:
                print(json.dumps(row), flush=True)
        else:
            print(f"\n{name} {' '.join(options)}\n{_table(list(rows))}")
    return 0


def _rows(name: str, options: Sequence[str]) -> Iterator[dict[str, Any]]:
    bench = import_module(BENCHES[name][0])
    parser = argparse.ArgumentParser(prog=f"python -m bench {name}", description=BENCHES[name][1])
    bench.add_arguments(parser)
    found: Iterator[dict[str, Any]] = bench.run(parser.parse_args(list(options)))
    return found


def _table(rows: Sequence[dict[str, Any]]) -> str:
    """One line per figure for a single row, a table for several."""
    if not rows:
        return "nothing to show"
    if len(rows) == 1:
        width = max(map(len, rows[0]))
        return "\n".join(f"  {key:{width}}  {_shown(value)}" for key, value in rows[0].items())
    columns = list(dict.fromkeys(key for row in rows for key in row))
    lines = [columns, *([_shown(row.get(key, "")) for key in columns] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
    return "\n".join("  " + _aligned(line, widths) for line in lines)


def _aligned(line: Iterable[str], widths: Iterable[int]) -> str:
    return "  ".join(entry.rjust(width) for entry, width in zip(line, widths, strict=True))


def _shown(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
