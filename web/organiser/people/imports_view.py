"""Bringing people in, in words: what waits, what an import would change, what taking it back does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matcher.domain.errors import Problem
from matcher.domain.sign_up.roster import Roster, RosterStep
from matcher.services.imports.people import Preview
from matcher.services.imports.uploads import WaitingUpload
from matcher.services.imports.workbook import OutputSheet
from matcher.store.tables import Import
from web.language import _, in_words, ngettext
from web.organiser.people.field_words import CHANGES
from web.parts.words import figure, listed, moment

MOST_PROBLEMS = 100
MOST_NAMES = 100


@dataclass(frozen=True, kw_only=True)
class UploadsView:
    """Files that wait: their names and since when."""

    id: str
    names: str
    since: str
    earlier_pairs: bool


@dataclass(frozen=True, kw_only=True)
class ProblemView:
    """One thing wrong, with its place."""

    file: str
    row: str
    column: str
    value: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class ProblemsView:
    """At most MOST_PROBLEMS of them, and how many more there are."""

    heading: str
    rows: tuple[ProblemView, ...]
    more: str


@dataclass(frozen=True, kw_only=True)
class Named:
    """Some people by name, each with what is said of them, and how many more there are."""

    heading: str
    lines: tuple[tuple[str, str], ...]
    more: str


@dataclass(frozen=True, kw_only=True)
class ImportPreview:
    """What an import would do: notes on the files, sentences, people by name; or all that is wrong."""

    notes: tuple[str, ...]
    problems: ProblemsView | None
    sentences: tuple[str, ...]
    named: tuple[Named, ...]
    nothing: bool


@dataclass(frozen=True, kw_only=True)
class LastView:
    """The last import, and what taking it back does."""

    heading: str
    sentences: tuple[str, ...]


def waiting(found: Sequence[WaitingUpload], zone: str) -> tuple[UploadsView, ...]:
    """What I sent and did not import."""
    return tuple(
        UploadsView(
            id=str(one.id),
            names=listed(one.names),
            since=moment(one.sent_at, zone),
            earlier_pairs=one.earlier_pairs,
        )
        for one in found
    )


def last(found: Import | None, zone: str) -> LastView | None:
    """What can be taken back, if anything."""
    if found is None:
        return None
    heading = _("%(files)s, %(when)s", files=listed(found.files), when=moment(found.imported_at, zone))
    return LastView(heading=heading, sentences=tuple(_taken_back(found)))


def _taken_back(found: Import) -> Iterator[str]:
    """What taking it back does, as far as nobody changes anything before."""
    left = sum(bool(one.get("left")) for one in found.before.values())
    if found.added:
        yield ngettext(
            "One person who came with it is removed again.",
            "%(count)s people who came with it are removed again.",
            found.added,
            count=figure(found.added),
        )
    if found.changed:
        yield ngettext(
            "One person who was known before is as they were.",
            "%(count)s people who were known before are as they were.",
            found.changed,
            count=figure(found.changed),
        )
    if left:
        yield ngettext(
            "One person who left with it is back.",
            "%(count)s people who left with it are back.",
            left,
            count=figure(left),
        )
    yield _("Who has changed their answers since keeps them.")


def preview(found: Preview) -> ImportPreview:
    """How the files were read, and what they would change."""
    wrong = found.read.problems
    changed = bool(found.roster.new or found.roster.changes or found.roster.leavers)
    return ImportPreview(
        notes=found.read.notes,
        problems=problems(wrong) if wrong else None,
        sentences=() if wrong else tuple(_sentences(found.roster)),
        named=() if wrong else tuple(_named(found.roster)),
        nothing=not wrong and not changed,
    )


def problems(wrong: Sequence[Problem]) -> ProblemsView:
    """The first of them, by row and column."""
    rest = len(wrong) - MOST_PROBLEMS
    return ProblemsView(
        heading=ngettext(
            "One thing is wrong", "%(count)s things are wrong", len(wrong), count=figure(len(wrong))
        ),
        rows=tuple(_problem(one) for one in wrong[:MOST_PROBLEMS]),
        more=ngettext("And one more.", "And %(count)s more.", rest, count=figure(rest)) if rest > 0 else "",
    )


def _problem(one: Problem) -> ProblemView:
    return ProblemView(
        file=one.pointer,
        row="" if one.row is None else str(one.row),
        column=one.header or ("" if one.column is None else str(one.column)),
        value=one.value or "",
        sentence=one.sentence,
    )


def problem_sheet(wrong: Sequence[Problem]) -> OutputSheet:
    """All that is wrong, as a table to take away."""
    return OutputSheet(
        name=_("Problems"),
        header=(_("File"), _("Row"), _("Column"), _("Header"), _("Value"), _("What is wrong")),
        rows=tuple(
            (
                one.pointer,
                "" if one.row is None else one.row,
                "" if one.column is None else one.column,
                one.header or "",
                one.value or "",
                in_words(one.sentence),
            )
            for one in wrong
        ),
    )


def _sentences(roster: Roster) -> Iterator[str]:
    new, changed, gone = len(roster.new), len(roster.changes), len(roster.leavers)
    out = sum(step.stays_out and step.answers is not None for step in roster.steps)
    silent = sum(step.answers is None for step in roster.steps)
    if new:
        yield ngettext("One person is new.", "%(count)s people are new.", new, count=figure(new))
    if changed:
        yield ngettext(
            "Of one person something changes.",
            "Of %(count)s people something changes.",
            changed,
            count=figure(changed),
        )
    if gone:
        yield ngettext(
            "One person is not listed and leaves the cycle.",
            "%(count)s people are not listed and leave the cycle.",
            gone,
            count=figure(gone),
        )
    if roster.unchanged:
        yield ngettext(
            "One person stays as they are.",
            "%(count)s people stay as they are.",
            roster.unchanged,
            count=figure(roster.unchanged),
        )
    if out:
        yield ngettext(
            "One of them paused or left by themselves, and stays out.",
            "%(count)s of them paused or left by themselves, and stay out.",
            out,
            count=figure(out),
        )
    if silent:
        yield ngettext(
            "For one the files name no role: they are known here and not signed up.",
            "For %(count)s the files name no role: they are known here and not signed up.",
            silent,
            count=figure(silent),
        )


def _named(roster: Roster) -> Iterator[Named]:
    groups = (
        (_("New"), [(step.name, step.email) for step in roster.new[:MOST_NAMES]], len(roster.new)),
        (
            _("Changed"),
            [(step.name, _changes(step)) for step in roster.changes[:MOST_NAMES]],
            len(roster.changes),
        ),
        (
            _("Leaving"),
            [(one.name, one.email) for one in roster.leavers[:MOST_NAMES]],
            len(roster.leavers),
        ),
    )
    for heading, lines, count in groups:
        rest = count - len(lines)
        more = ngettext("And one more.", "And %(count)s more.", rest, count=figure(rest)) if rest else ""
        if lines:
            yield Named(heading=heading, lines=tuple(lines), more=more)


def _changes(step: RosterStep) -> str:
    """What changes of somebody, with the old and the new value where it is a plain one."""
    return "; ".join(_change(step, name) for name in step.changed)


def _change(step: RosterStep, name: str) -> str:
    words = _(CHANGES[name]) if name in CHANGES else name
    before, after = getattr(step.before, name, None), step.fields.get(name)
    if name in {"answers", "enrolment"} or isinstance(after, tuple):
        return words
    nothing = _("nothing")
    return _("%(what)s: %(old)s → %(new)s", what=words, old=_text(before, nothing), new=_text(after, nothing))


def _text(value: object, nothing: str) -> str:
    return nothing if value in (None, "") else str(value)
