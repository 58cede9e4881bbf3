"""What an organiser sees before anything is matched: sign-ups, supply and demand, chances, reminders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from matcher.domain.policy.rules import RULES
from matcher.domain.sentences import TranslatableText, say, term, weekday
from matcher.domain.sign_up.supply import DAY_PARTS, MOST_ROWS, Demand, Gap, HourSupply
from matcher.services.forecast.options import Chances, Cost, MenteeOptions
from web.language import _, in_words, ngettext
from web.parts.charts import Axis, Cell, Chart, bars, heat, line, paired_bars
from web.parts.words import figure, short_day

FEW = 3
STEPS = ((0, 0), (1, 2), (3, 5), (6, 10), (11, 20), (21, 50), (51, None))
MOST_REASONS = 3


@dataclass(frozen=True, kw_only=True)
class ChanceView:
    """One mentee with few options, and the rules that leave so few."""

    name: str
    options: str
    reasons: tuple[TranslatableText, ...]


@dataclass(frozen=True, kw_only=True)
class CostView:
    """A hard rule as it is said, and what it costs."""

    rule: TranslatableText
    sentence: str


@dataclass(frozen=True, kw_only=True)
class ChancesView:
    """expected: how many can be placed; stranded: who has nobody at all, in a sentence."""

    expected: tuple[str, ...]
    histogram: Chart | None
    stranded: str
    few: tuple[ChanceView, ...]
    costs: tuple[CostView, ...]
    recruiting: tuple[TranslatableText, ...]


@dataclass(frozen=True, kw_only=True)
class DemandView:
    """The sign-ups by day, and what is sought against what is offered."""

    curve: Chart | None
    charts: tuple[Chart, ...]
    sentence: str


def demand(days: Sequence[tuple[date, int]], found: Demand) -> DemandView:
    """The charts of the page, those without anything in them left out."""
    gaps = (topics(found.topics), functions(found.functions), languages(found.languages))
    charts = [chart for chart in gaps if chart is not None]
    if any(one.mentees or one.places for one in found.hours):
        charts += free_hours(found.hours)
    return DemandView(curve=curve(days), charts=tuple(charts), sentence=shortage(found.topics))


def curve(days: Sequence[tuple[date, int]]) -> Chart | None:
    """All sign-ups up to each day."""
    if not days:
        return None
    total, rows = 0, []
    for when, count in days:
        total += count
        rows.append((when.isoformat(), total))
    return line(
        key="curve",
        title=_("Sign-ups so far"),
        sentence=ngettext(
            "One person has signed up, on %(day)s.",
            "%(num)s people have signed up, the latest on %(day)s.",
            total,
            day=short_day(days[-1][0]),
        ),
        along=Axis(title=_("Day"), kind="temporal"),
        amount=Axis(title=_("People")),
        rows=rows,
    )


def shortage(gaps: Sequence[Gap]) -> str:
    """The topic that is shortest, if one is."""
    first = next(iter(gaps), None)
    if first is None or first.mentees <= first.places:
        return ""
    return _(
        "The largest gap: %(topic)s. It is sought by %(sought)s and offered with %(places)s.",
        topic=in_words(term(first.name)),
        sought=ngettext("one mentee", "%(num)s mentees", first.mentees),
        places=ngettext("a place", "%(num)s places", first.places),
    )


def topics(gaps: Sequence[Gap]) -> Chart | None:
    return sides(
        gaps,
        key="topics",
        title=_("Topics"),
        sentence=_("Who seeks a topic, and the places with mentors who offer it. The largest gap is on top."),
        of=_("Topic"),
        names=(_("Mentees"), _("Places with mentors")),
    )


def functions(gaps: Sequence[Gap]) -> Chart | None:
    return sides(
        gaps,
        key="functions",
        title=_("Functions"),
        sentence=_("Where mentees work, and the places with mentors who work there."),
        of=_("Function"),
        names=(_("Mentees"), _("Places with mentors")),
    )


def languages(gaps: Sequence[Gap]) -> Chart | None:
    return sides(
        gaps,
        key="languages",
        title=_("Languages"),
        sentence=_("What mentees speak, and the places with mentors who speak it."),
        of=_("Language"),
        names=(_("Mentees"), _("Places with mentors")),
    )


def sides(
    gaps: Sequence[Gap], *, key: str, title: str, sentence: str, of: str, names: tuple[str, str]
) -> Chart | None:
    """Mentees against places, the first rows only."""
    if not gaps:
        return None
    # Functions are the organisation's own words, whatever else they mean.
    named = str if key == "functions" else lambda name: in_words(term(name))
    rows = [(named(gap.name), gap.mentees, gap.places) for gap in gaps[:MOST_ROWS]]
    return paired_bars(key=key, title=title, sentence=sentence, of=Axis(title=of), sides=names, rows=rows)


def free_hours(hours: Sequence[HourSupply]) -> list[Chart]:
    """When mentees can meet, and when mentors can."""
    return [
        heat(
            key=key,
            title=title,
            sentence=sentence,
            across=Axis(title=_("Day")),
            down=Axis(title=_("Hours")),
            amount=Axis(title=amount),
            rows=[(in_words(weekday(one.day)), hours_of(one.part), count) for one, count in counts],
        )
        for key, title, sentence, amount, counts in (
            (
                "mentee-hours",
                _("When mentees are free"),
                _("Mentees who have time for a whole session, by your clock."),
                _("Mentees"),
                [(one, one.mentees) for one in hours],
            ),
            (
                "mentor-hours",
                _("When mentors are free"),
                _("Places with mentors who have time for a whole session, by your clock."),
                _("Places"),
                [(one, one.places) for one in hours],
            ),
        )
    ]


def hours_of(part: int) -> str:
    """A part of the day as its hours."""
    first, last = DAY_PARTS[part]
    return f"{first:02}–{last:02}"


def chances(found: Chances) -> ChancesView:
    """What was counted, in words."""
    return ChancesView(
        expected=expected(found),
        histogram=histogram(found.options),
        stranded=stranded(found),
        few=tuple(chance(one) for one in found.few if one.options <= FEW),
        costs=tuple(cost(one) for one in found.costs if one.more),
        recruiting=tuple(one.sentence() for one in found.recruiting),
    )


def expected(found: Chances) -> tuple[str, ...]:
    """How many can be placed, and why not more; of a programme of peers, how many there are."""
    if not found.pairs:
        return (
            ngettext("One person signed up as a peer.", "%(num)s people signed up as peers.", found.peers),
        )
    if not found.mentees:
        return (_("Nobody looks for a mentor yet."),)
    if not found.mentors:
        return (
            ngettext("One person looks for a mentor.", "%(num)s people look for a mentor.", found.mentees),
            _("No mentor with places has signed up yet."),
        )
    crowd = _(
        "%(mentees)s and %(places)s with %(mentors)s.",
        mentees=ngettext("One mentee", "%(num)s mentees", found.mentees),
        places=ngettext("a place", "%(num)s places", found.places),
        mentors=ngettext("one mentor", "%(num)s mentors", found.mentors),
    )
    if found.placed == found.mentees:
        return (crowd, _("Everybody who looks for a mentor can be placed."))
    known = {"placed": figure(found.placed), "mentees": figure(found.mentees)}
    if found.proved:
        return (crowd, _("%(placed)s of %(mentees)s can be placed at the same time.", **known))
    return (crowd, _("At least %(placed)s of %(mentees)s can be placed at the same time.", **known))


def histogram(options: Sequence[int]) -> Chart | None:
    """How many people have how many options."""
    if not options:
        return None
    return bars(
        key="options",
        title=_("Options per person"),
        sentence=_("With how many mentors who have places each mentee could be paired."),
        of=Axis(title=_("Options")),
        amount=Axis(title=_("Mentees")),
        rows=[step(first, last, options) for first, last in STEPS],
    )


def step(first: int, last: int | None, options: Sequence[int]) -> tuple[Cell, Cell]:
    """One bar."""
    count = sum(1 for one in options if first <= one and (last is None or one <= last))
    if last is None:
        return _("%(first)s or more", first=first), count
    return (str(first) if first == last else f"{first}–{last}"), count


def stranded(found: Chances) -> str:
    """How many have no option at all."""
    if not found.mentees or not found.mentors:
        return ""
    if not found.stranded:
        return _("Nobody is left without any option.")
    return ngettext(
        "One person has no option at all.", "%(num)s people have no option at all.", found.stranded
    )


def chance(one: MenteeOptions) -> ChanceView:
    """One mentee with the rules that rule most out."""
    return ChanceView(
        name=one.person.name,
        options=ngettext("one option", "%(num)s options", one.options) if one.options else _("no option"),
        reasons=tuple(
            say("{count} – {why}.", count=count, why=RULES[rule].blocks)
            for rule, count in one.ruled_out[:MOST_REASONS]
        ),
    )


def cost(one: Cost) -> CostView:
    """What one rule costs, in a sentence."""
    more = ngettext("one person would have more options", "%(num)s people would have more options", one.more)
    placed = _("nobody more would be placed")
    if one.placed > 0:
        placed = ngettext(
            "one more person would be placed", "%(num)s more people would be placed", one.placed
        )
    if not one.first:
        return CostView(
            rule=one.says, sentence=_("Without it %(more)s, and %(placed)s.", more=more, placed=placed)
        )
    first = ngettext("one of them the first", "%(num)s of them their first", one.first)
    said = _("Without it %(more)s, %(first)s, and %(placed)s.", more=more, first=first, placed=placed)
    return CostView(rule=one.says, sentence=said)
