"""Drafts side by side: a column for each, the figures of their fairness reports in rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from matcher.domain.matching.explain import fit_word
from matcher.domain.matching.fair_report import FIELDS, FairReport
from matcher.domain.policy.policy import Policy
from matcher.domain.sentences import term
from matcher.services.review.comparison import DraftLine, Partners
from web.language import _, in_words
from web.organiser.fairness.view import NONE, ReportTable, below_line, percent
from web.parts import levels
from web.parts.words import figure, listed, moment

Columns = Sequence[tuple[DraftLine, FairReport]]


@dataclass(frozen=True, kw_only=True)
class DraftChoice:
    """A draft to tick."""

    id: UUID
    name: str
    more: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class PartnerRow:
    """A mentee whose partners differ."""

    mentee: str
    first: str
    second: str


def choices(drafts: Sequence[DraftLine], chosen: Sequence[UUID], zone: str) -> tuple[DraftChoice, ...]:
    """All drafts, those compared now ticked."""
    return tuple(
        DraftChoice(
            id=one.id,
            name=name_of(one),
            more=_("%(when)s, policy %(number)s", when=moment(one.made_at, zone), number=one.policy),
            chosen=one.id in chosen,
        )
        for one in drafts
    )


def name_of(draft: DraftLine) -> str:
    """What a draft is called: its number and what somebody called its run."""
    if draft.label:
        return _("Draft %(number)s: %(label)s", number=draft.number, label=draft.label)
    return _("Draft %(number)s", number=draft.number)


def tables(columns: Columns) -> tuple[ReportTable, ...]:
    """The figures, group by group."""
    if not columns:
        return ()
    names = tuple(name_of(draft) for draft, _report in columns)
    return (
        in_figures(columns, names),
        by_fit(columns, names),
        by_load(columns, names),
        *by_group(columns, names),
    )


def in_figures(columns: Columns, names: tuple[str, ...]) -> ReportTable:
    """Placement, points and proof."""
    reports = [report for _draft, report in columns]
    rows = (
        (_("Mentees placed"), [figure(one.ours.placed) for one in reports]),
        (_("Below the adequate line"), [figure(below_line(dict(one.ours.words))) for one in reports]),
        (_("Points of the worst-placed"), [figure(lowest(one)) for one in reports]),
        (_("Points in all"), [figure(one.ours.total) for one in reports]),
        (_("Across functions"), [percent(one.across, one.pairs) for one in reports]),
        (_("Pairs that both would rather be"), [figure(one.ours.blocking) for one in reports]),
        (_("Pairs that met before"), [figure(sum(count for _ago, count in one.repeats)) for one in reports]),
        (_("Circles"), [figure(one.seats.circles) for one in reports]),
        (_("People without a seat in a circle"), [figure(one.seats.left) for one in reports]),
        (_("Proved"), [_("yes") if one.proof.proved else _("no") for one in reports]),
    )
    return ReportTable(
        key="figures",
        title=_("In figures"),
        sentences=(),
        heads=(_("What"), *names),
        rows=tuple((what, *cells) for what, cells in rows),
    )


def lowest(report: FairReport) -> int:
    """Points of the worst-placed mentee; 0 if nobody is placed."""
    return next(iter(report.ours.worst), 0)


def by_fit(columns: Columns, names: tuple[str, ...]) -> ReportTable:
    """Mentees by fit."""
    words = [word for word, _count in next(iter(columns))[1].ours.words]
    counts = [dict(report.ours.words) for _draft, report in columns]
    return ReportTable(
        key="fit",
        title=_("Mentees by fit"),
        sentences=(),
        heads=(_("Fit"), *names),
        rows=tuple(
            (in_words(levels.level(word)), *(figure(count.get(word, 0)) for count in counts))
            for word in words
        ),
    )


def by_load(columns: Columns, names: tuple[str, ...]) -> ReportTable:
    """Mentors by number of mentees."""
    loads = [dict(report.loads) for _draft, report in columns]
    known = sorted({load for one in loads for load in one})
    return ReportTable(
        key="load",
        title=_("Load of the mentors"),
        sentences=(),
        heads=(_("Mentees each"), *names),
        rows=tuple((figure(load), *(figure(one.get(load, 0)) for one in loads)) for load in known),
    )


def by_group(columns: Columns, names: tuple[str, ...]) -> tuple[ReportTable, ...]:
    """Placement by group, for each field there is."""
    fields = dict.fromkeys(one.field for _draft, report in columns for one in report.fields)
    tables = []
    for field in fields:
        placed = [
            {group.name: group for one in report.fields if one.field == field for group in one.groups}
            for _draft, report in columns
        ]
        known = dict.fromkeys(name for one in placed for name in one)
        rows = tuple(
            (
                in_words(term(name)),
                *(percent(one[name].placed, one[name].mentees) if name in one else NONE for one in placed),
            )
            for name in known
        )
        if rows:
            tables.append(
                ReportTable(
                    key=field,
                    title=_("Placed, by %(field)s", field=FIELDS[field]),
                    sentences=(),
                    heads=(_("Group"), *names),
                    rows=rows,
                )
            )
    return tuple(tables)


def partner_rows(found: Sequence[Partners], policy: Policy) -> tuple[PartnerRow, ...]:
    """Whose partners differ."""
    return tuple(
        PartnerRow(mentee=one.mentee, first=said(one.first, policy), second=said(one.second, policy))
        for one in found
    )


def said(partners: Sequence[tuple[str, int]], policy: Policy) -> str:
    """Partners with the fit of each."""
    if not partners:
        return in_words(levels.level("not placed"))
    return listed(
        _("%(name)s (%(fit)s)", name=name, fit=levels.level(fit_word(points, policy)))
        for name, points in partners
    )
