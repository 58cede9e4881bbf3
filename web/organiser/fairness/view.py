"""The fairness report for people: tables with a sentence each, the same for the page, the file and XLSX."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from matcher.domain.matching.fair_report import FIELDS, OTHERS, UNSAID, FairReport, FieldGroups
from matcher.domain.matching.fairness import CLAIMS
from matcher.domain.policy.policy import MODES
from matcher.services.fairness.figures import NOT_PLACED
from matcher.services.fairness.reports import report_hash
from matcher.services.imports.workbook import OutputSheet
from web.language import N_, _, in_words, ngettext
from web.parts import levels
from web.parts.charts import Axis, Chart, paired_bars
from web.parts.tile import Tile
from web.parts.words import figure, upper_first

GOALS = {
    "coverage": N_("Place as many mentees as possible"),
    "credit": N_("Place those first whom the last cycle left without a partner"),
    "levels": N_("Leave as few as possible at each low level, the lowest first"),
    "cross": N_("Reach the share of pairs across functions"),
    "low": N_("Give each mentor the fewest they asked for"),
    "share": N_("The most points in all, with the share across functions"),
    "total": N_("The most points in all"),
    "load": N_("Spread mentees evenly over mentors"),
    "kept": N_("Change as few pairs as possible"),
}
"""What each step of the proof shows, in words."""

NONE = "–"


@dataclass(frozen=True, kw_only=True)
class ReportTable:
    """A part of the report: what it shows, what to read from it, and its numbers."""

    key: str
    title: str
    sentences: tuple[str, ...]
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReportView:
    """The whole report. `hash` is that of its figures, whatever language it is read in."""

    sentences: tuple[str, ...]
    tiles: tuple[Tile, ...]
    chart: Chart | None
    picture: levels.LevelPicture
    tables: tuple[ReportTable, ...]
    good: bool
    verdict: tuple[str, ...]
    hash: str
    problem_hash: str
    plan_hash: str


def view(report: FairReport) -> ReportView:
    """The report in the reader's language."""
    return ReportView(
        sentences=tuple(opening(report)),
        tiles=tuple(tiles(report)),
        chart=chart(report),
        picture=levels.draw(report.ours.words),
        tables=tuple(tables(report)),
        good=report.proof.good,
        verdict=tuple(verdict(report)),
        hash=report_hash(report),
        problem_hash=report.problem_hash,
        plan_hash=report.plan_hash,
    )


def opening(report: FairReport) -> Iterator[str]:
    """What this plan was after, and what came of it."""
    yield in_words(MODES[report.mode])
    plain = report.plain
    if plain is not None:
        gained = below_line(dict(plain.words)) - below_line(dict(report.ours.words))
        if gained > 0:
            yield ngettext(
                "%(num)d more mentee reaches an adequate partner than if only points were counted.",
                "%(num)d more mentees reach an adequate partner than if only points were counted.",
                gained,
            )
        yield _(
            "It costs %(cost)s of %(whole)s points.",
            cost=figure(max(plain.total - report.ours.total, 0)),
            whole=figure(plain.total),
        )
    yield _("This report names nobody. A group of fewer than five people is told only with others.")


def below_line(words: dict[str, int]) -> int:
    """Mentees without an adequate partner."""
    return sum(words.get(word, 0) for word in (NOT_PLACED, "weak", "fair"))


def tiles(report: FairReport) -> Iterator[Tile]:
    """The report in figures; none where nobody looked for a mentor."""
    if not report.mentees:
        return
    ours = report.ours
    placed = _("%(part)s of %(whole)s", part=figure(ours.placed), whole=figure(report.mentees))
    yield Tile(figure=placed, label=_("mentees placed"))
    worst = next((word for word, count in ours.words if count and word != NOT_PLACED), "")
    name = upper_first(in_words(levels.level(worst))) if worst else NONE
    yield Tile(figure=name, label=_("for the worst-placed"))
    yield Tile(figure=figure(ours.blocking), label=_("pairs that both would rather be"))
    yield Tile(figure=percent(report.across, report.pairs), label=_("across functions"))


def verdict(report: FairReport) -> Iterator[str]:
    """What the independent check says."""
    proof = report.proof
    if not proof.good:
        yield ngettext(
            "The independent check found %(num)d fault. Do not publish this draft.",
            "The independent check found %(num)d faults. Do not publish this draft.",
            proof.breaches,
        )
        return
    yield _("The independent check found every rule kept and every number right.")
    if proof.proved and report.mentees:
        yield in_words(CLAIMS[report.mode])
    elif report.mentees:
        yield _("That no better plan exists is not proved: there was not enough time.")


def chart(report: FairReport) -> Chart | None:
    """Mentees by fit, this plan beside the one that only counts points."""
    if report.plain is None:
        return None
    sides = (_("This plan"), _("Most points"))
    return paired_bars(
        key="levels",
        title=_("Where people stand"),
        sentence=_("This plan beside the one with the most points in all, whoever has them."),
        of=Axis(title=_("Fit"), kind="nominal"),
        sides=sides,
        rows=[
            (in_words(levels.level(word)), count, other)
            for (word, count), (_word, other) in zip(report.ours.words, report.plain.words, strict=True)
        ],
    )


def tables(report: FairReport) -> Iterator[ReportTable]:
    """The parts of the report in their order."""
    if report.mentees:
        yield standing(report)
        yield worst_off(report)
        yield from (by_field(report, one) for one in report.fields)
        yield loads(report)
        yield brought_along(report)
        yield repeats(report)
        yield stability(report)
    if report.seats.circles or report.seats.left:
        yield circles(report)
    if report.proof.goals:
        yield goals(report)


def standing(report: FairReport) -> ReportTable:
    """Mentees by fit."""
    others = dict(report.plain.words) if report.plain else {}
    return ReportTable(
        key="standing",
        title=_("Mentees by fit"),
        sentences=(_("An adequate partner has at least %(line)s points.", line=figure(report.line)),),
        heads=(_("Fit"), _("This plan"), _("Most points")),
        rows=tuple(
            (in_words(levels.level(word)), figure(count), figure(others[word]) if others else NONE)
            for word, count in report.ours.words
        ),
    )


def worst_off(report: FairReport) -> ReportTable:
    """The points of the worst-placed, nobody's name."""
    others = report.plain.worst if report.plain else ()
    return ReportTable(
        key="worst",
        title=_("The worst-placed"),
        sentences=(_("Their points, from the lowest up, in each of the two plans."),),
        heads=(_("Place"), _("This plan"), _("Most points")),
        rows=tuple(
            (figure(place + 1), figure(points), figure(others[place]) if place < len(others) else NONE)
            for place, points in enumerate(report.ours.worst)
        ),
    )


def by_field(report: FairReport, found: FieldGroups) -> ReportTable:
    """Placement and mean points by group."""
    if found.groups:
        told = _(
            "Of all mentees, %(share)s are placed. A mean of fewer than five people is not shown.",
            share=percent(report.ours.placed, report.mentees),
        )
    else:
        told = _("There are no groups of five or more here, so nothing is shown.")
    return ReportTable(
        key=found.field,
        title=_("By %(field)s", field=FIELDS[found.field]),
        sentences=(told,),
        heads=(_("Group"), _("Mentees"), _("Placed"), _("Share"), _("Mean points")),
        rows=tuple(
            (
                _(one.name) if one.name in (UNSAID, OTHERS) else one.name,
                figure(one.mentees),
                figure(one.placed),
                percent(one.placed, one.mentees),
                NONE if one.mean is None else figure(one.mean),
            )
            for one in found.groups
        ),
    )


def loads(report: FairReport) -> ReportTable:
    """Mentors by number of mentees."""
    free = report.places - report.pairs
    return ReportTable(
        key="loads",
        title=_("Load of the mentors"),
        sentences=(ngettext("%(num)d place stays free.", "%(num)d places stay free.", free),),
        heads=(_("Mentees each"), _("Mentors")),
        rows=tuple((figure(load), figure(count)) for load, count in report.loads),
    )


def brought_along(report: FairReport) -> ReportTable:
    """What became of those whom the last cycle had left behind."""
    whole = sum(one.mentees for one in report.credits)
    told = ngettext(
        "%(num)d mentee came first because of how the last cycle ended for them.",
        "%(num)d mentees came first because of how the last cycle ended for them.",
        whole,
    )
    why = {1: _("Partner below the line last time"), 2: _("No partner last time")}
    return ReportTable(
        key="credits",
        title=_("Who came first because of last time"),
        sentences=(told if whole else _("Nobody brought a credit along from an earlier cycle."),),
        heads=(_("Why"), _("Mentees"), _("Placed"), _("Adequate or better")) if whole else (),
        rows=tuple(
            (
                why.get(one.credit, figure(one.credit)),
                figure(one.mentees),
                NONE if one.placed is None else figure(one.placed),
                NONE if one.adequate is None else figure(one.adequate),
            )
            for one in report.credits
        ),
    )


def repeats(report: FairReport) -> ReportTable:
    """Pairs that were one before."""
    return ReportTable(
        key="repeats",
        title=_("Pairs that met before"),
        sentences=() if report.repeats else (_("No pair was one in an earlier cycle."),),
        heads=(_("Cycles ago"), _("Pairs")) if report.repeats else (),
        rows=tuple((figure(ago), figure(count)) for ago, count in report.repeats),
    )


def stability(report: FairReport) -> ReportTable:
    """Who would gain by changing."""
    plain = report.plain
    return ReportTable(
        key="stability",
        title=_("Who would rather change"),
        sentences=(
            _(
                "A pair that both would rather be: each of the two has more points with the other than with "
                "somebody they have now."
            ),
            _("Such pairs are the price of lifting the people with the fewest options."),
        ),
        heads=(_("What"), _("This plan"), _("Most points")),
        rows=(
            (
                _("Mentees with more points at another's mentor"),
                figure(report.ours.envious),
                figure(plain.envious) if plain else NONE,
            ),
            (
                _("Pairs that both would rather be"),
                figure(report.ours.blocking),
                figure(plain.blocking) if plain else NONE,
            ),
        ),
    )


def circles(report: FairReport) -> ReportTable:
    """Circles in figures."""
    seats = report.seats
    return ReportTable(
        key="circles",
        title=_("Circles"),
        sentences=(),
        heads=(_("What"), _("Count")),
        rows=(
            (_("Circles"), figure(seats.circles)),
            (_("People in a circle"), figure(seats.seated)),
            (_("People without a seat"), figure(seats.left)),
            (_("Couples who sat together before"), figure(seats.reunions)),
        ),
    )


def goals(report: FairReport) -> ReportTable:
    """The goals in the order in which each was proved."""
    steps = [(name, len(list(some))) for name, some in groupby(name for name, _value in report.proof.goals)]
    return ReportTable(
        key="proof",
        title=_("What is proved, in this order"),
        sentences=(_("Each goal is reached as far as those before it allow."),),
        heads=(_("Goal"), _("Steps")),
        rows=tuple((_(GOALS[name]) if name in GOALS else name, figure(count)) for name, count in steps),
    )


def percent(part: int, whole: int) -> str:
    """A share in per cent."""
    return _("%(share)s %%", share=round(100 * part / whole)) if whole else NONE


def sheets(shown: ReportView, heading: str) -> tuple[OutputSheet, ...]:
    """The report as a workbook: the figures first, then a sheet for each table."""
    first = OutputSheet(
        name=_("Report"),
        header=(heading, ""),
        rows=(
            *((sentence, "") for sentence in (*shown.sentences, *shown.verdict)),
            *((tile.label, tile.figure) for tile in shown.tiles),
            (_("Hash of the report"), shown.hash),
            (_("Hash of the problem file"), shown.problem_hash),
            (_("Hash of the plan file"), shown.plan_hash),
        ),
    )
    rest = (
        OutputSheet(name=f"{place} {table.title}", header=table.heads, rows=table.rows)
        for place, table in enumerate(shown.tables, start=1)
        if table.heads
    )
    return (first, *rest)
