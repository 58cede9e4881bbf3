"""Three pictures of pairing as SVG: levels before and after, the gap over time, time against size."""

import argparse
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.yardstick import crowd_of, problem_of
from solver.pairing.problem import PairingPlan
from solver.pairing.solve import solve_pairing
from solver.settings import SolveSettings, unhurried

WIDTH, HEIGHT, MARGIN = 640, 320, 48
COLOURS = ("#8a5a00", "#2a5d67", "#8c2f5b")

Points = Sequence[tuple[float, float]]
Trace = list[tuple[float, str, int, int]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, default=Path("build/plots"), help="folder for the pictures")
    parser.add_argument("--mentees", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    args.out.mkdir(parents=True, exist_ok=True)
    sizes = [args.mentees // 4, args.mentees // 2, args.mentees]
    times: dict[str, Points] = {}
    for mode in ("total", "fair"):
        times[mode] = [(size, timed(size, args.seed, mode)[1][-1][0]) for size in sizes]
    before, _ = timed(args.mentees, args.seed, "total")
    after, trace = timed(args.mentees, args.seed, "fair")
    gaps = [(seconds, done) for seconds, stage, done, _ in trace if stage == "gap"]
    pictures = {
        "levels.svg": bars("Mentees at each level", {"highest total": before.levels, "fair": after.levels}),
        "gap.svg": lines("Pairs still below their prices", "seconds", {"fair": gaps}),
        "time.svg": lines("Seconds against mentees", "mentees", times),
    }
    for name, picture in pictures.items():
        (args.out / name).write_text(picture)
        yield {"picture": str(args.out / name), "bytes": len(picture)}


def timed(mentees: int, seed: int, mode: str) -> tuple[PairingPlan, Trace]:
    """A plan, and when each stage was reported; the last entry is the end."""
    crowd = crowd_of(mentees, seed)
    problem = problem_of(crowd.mentees, crowd.mentors, crowd.excluded, mode, 20)
    began, trace = time.perf_counter(), []

    def note(stage: str, done: int, of: int) -> None:
        trace.append((time.perf_counter() - began, stage, done, of))

    plan = solve_pairing(problem, SolveSettings(seed=seed), unhurried, note)
    note("end", 1, 1)
    return plan, trace


def bars(title: str, series: dict[str, Sequence[int]]) -> str:
    """Bars side by side, one group per level."""
    count = max(map(len, series.values()))
    high = max(max(values) for values in series.values()) or 1
    step = (WIDTH - 2 * MARGIN) / count
    shapes = []
    for place, (name, values) in enumerate(series.items()):
        width = step * 0.8 / len(series)
        for level, value in enumerate(values):
            tall = value / high * (HEIGHT - 2 * MARGIN)
            x, y = MARGIN + level * step + place * width, HEIGHT - MARGIN - tall
            box = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{tall:.1f}"'
            shapes.append(
                f'<rect {box} fill="{COLOURS[place]}"><title>{name}, level {level}: {value}</title></rect>'
            )
    ticks = [(MARGIN + (level + 0.4) * step, str(level)) for level in range(0, count, max(1, count // 10))]
    return framed(title, "level (0: unmatched)", list(series), shapes, ticks=ticks, high=high)


def lines(title: str, below: str, series: dict[str, Points]) -> str:
    """Lines through points; both axes begin at nought."""
    points = [point for values in series.values() for point in values] or [(1.0, 1.0)]
    wide, high = max(x for x, _ in points) or 1, max(y for _, y in points) or 1
    shapes = []
    for place, values in enumerate(series.values()):
        spots = [
            (
                MARGIN + x / wide * (WIDTH - 2 * MARGIN),
                HEIGHT - MARGIN - y / high * (HEIGHT - 2 * MARGIN),
            )
            for x, y in values
        ]
        for (x1, y1), (x2, y2) in pairwise(spots):
            shapes.append(
                f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
                f'stroke="{COLOURS[place]}" stroke-width="2"/>'
            )
        shapes += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{COLOURS[place]}"/>' for x, y in spots]
    ticks = [(MARGIN + part * (WIDTH - 2 * MARGIN), f"{part * wide:.3g}") for part in (0, 0.25, 0.5, 0.75, 1)]
    return framed(title, below, list(series), shapes, ticks=ticks, high=high)


def framed(
    title: str,
    below: str,
    names: Sequence[str],
    shapes: Sequence[str],
    *,
    ticks: Sequence[tuple[float, str]],
    high: float,
) -> str:
    """Axes, ticks, a legend and the shapes."""
    floor = HEIGHT - MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="12"><title>{title}</title>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fffdf8"/>',
        f'<text x="{MARGIN}" y="20" font-size="15" fill="#222">{title}</text>',
        f'<path d="M{MARGIN} {MARGIN}V{floor}H{WIDTH - MARGIN}" fill="none" stroke="#666"/>',
        f'<text x="{MARGIN - 6}" y="{MARGIN + 4}" text-anchor="end" fill="#444">{high:.3g}</text>',
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 10}" text-anchor="middle" fill="#444">{below}</text>',
        *(
            f'<text x="{x:.1f}" y="{floor + 16}" text-anchor="middle" fill="#444">{t}</text>'
            for x, t in ticks
        ),
        *shapes,
    ]
    for place, name in enumerate(names):
        x = WIDTH - MARGIN - 130 * (len(names) - place)
        parts.append(f'<rect x="{x}" y="29" width="12" height="12" fill="{COLOURS[place]}"/>')
        parts.append(f'<text x="{x + 18}" y="39" fill="#222">{name}</text>')
    return "\n".join([*parts, "</svg>\n"])
