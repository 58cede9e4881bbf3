"""An import of so many rows: looked at, written, then the same list again, by the services its pages use.

Keys: people, step; seconds as a page waits, cpu_s of this process; raw: times as long as the csv module needs
to read the same file. limit_s: what the step may take.
"""

import argparse
import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

from bench.desk_world import open_cycle
from matcher.schemas.mapping import ImportMapping, mapping_from
from matcher.services.imports import people
from matcher.services.imports.columns import columns_of, guessed, mapping_data
from matcher.services.imports.files import SourceFile, table_of
from matcher.store.engine import make_engine, migrate, session_factory

TOWNS = ("Berlin", "Lagos", "Lyon", "Leeds", "Porto")
HEADER = "email,name,roles,site,grade,topics sought,zone,hours"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--people", type=int, default=10_000)


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """One row per step."""
    file = SourceFile(name="people.csv", data=rows(args.people).encode())
    mapping = mapping_of(file)
    now = datetime.now(UTC)
    with TemporaryDirectory(prefix="evenhand-import-") as folder:
        url = f"sqlite:///{Path(folder) / 'evenhand.db'}"
        migrate(url)
        engine = make_engine(url)
        sessions = session_factory(engine)
        with sessions.begin() as session:
            organiser, cycle_id = open_cycle(session, now)
        monday = now.date() - timedelta(days=now.weekday())
        about: dict[str, Any] = {"cycle_id": cycle_id, "monday": monday}

        def look() -> None:
            with sessions() as session:
                people.preview(session, [file], mapping, **about)

        def write() -> None:
            with sessions.begin() as session:
                people.confirm(session, [file], mapping, **about, by=organiser, now=now)

        raw = timed(lambda: list(csv.reader(io.StringIO(file.data.decode()))))[0]
        for step, act in (
            ("dry run", look),
            ("commit", write),
            ("dry run of the same again", look),
            ("commit of the same again", write),
        ):
            seconds, cpu = timed(act)
            yield {
                "people": args.people,
                "step": step,
                "seconds": seconds,
                "cpu_s": cpu,
                "raw": seconds / raw,
                "limit_s": 3.0,
            }
        engine.dispose()


def rows(count: int) -> str:
    """A list of so many people."""
    return f"{HEADER}\n" + "".join(
        f"p{n}@example.org,Person {n},{'mentor' if n % 3 else 'mentee;peer'},{TOWNS[n % 5]},{n % 9},"
        f"topic {n % 70};topic {n % 31},Europe/Berlin,Mon-Fri 09:00-12:00\n"
        for n in range(count)
    )


def mapping_of(file: SourceFile) -> ImportMapping:
    """Its columns, as they are guessed."""
    table = table_of(file)
    stem = Path(file.name).stem
    return mapping_from(mapping_data("chosen", {stem: (table.header, guessed(columns_of(table)))}))


def timed(act: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the wall, and of this process."""
    began, cpu = perf_counter(), process_time()
    act()
    return perf_counter() - began, process_time() - cpu
