"""Everything about one person as a page: sections in plain words, who sees them, how long they stay."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matcher.services.privacy.export import Gathered, Row
from matcher.services.privacy.plan import Section
from web.account.my_data_words import COLUMNS, NOT_SHOWN, TABLES, YES_NO
from web.language import N_, _, in_words
from web.parts import words as parts_words
from web.parts.code_words import code_word

CODED = frozenset({"act", "duty", "grade_wish", "kind", "role", "state", "wish"})
"""Columns whose words are those of the machine."""


@dataclass(frozen=True, kw_only=True)
class SectionHead:
    """What a section is about, who sees it, how long it stays; marked, not yet translated."""

    title: str
    seen: str
    stays: str


HEADS: Mapping[Section, SectionHead] = {
    Section.ACCOUNT: SectionHead(
        title=N_("Your account"),
        seen=N_(
            "You and your organisers. Your partners see your name, your address, your function and your site."
        ),
        stays=N_("Until you erase your account. A sign-in ends after twelve hours at the latest."),
    ),
    Section.ANSWERS: SectionHead(
        title=N_("What you answered"),
        seen=N_(
            "You, and the matching, which knows you by a number only. Nobody reads by name whom you would "
            "rather not meet. Your partners see what you chose to share."
        ),
        stays=N_("Until you change it or erase your account."),
    ),
    Section.MATCHES: SectionHead(
        title=N_("Your matches"),
        seen=N_("You, the people you were matched with, and your organisers."),
        stays=N_(
            "Until you erase your account. Then your place says “somebody who left”, so that the same people "
            "are not brought together twice."
        ),
    ),
    Section.NOTES: SectionHead(
        title=N_("Your notes and goals"),
        seen=N_("Your notes: only you. Goals: you and those you share them with."),
        stays=N_("Until you remove them or erase your account."),
    ),
    Section.CARE: SectionHead(
        title=N_("Check-ins and requests for help"),
        seen=N_(
            "Whether you took part in a check-in: the service, to remind you. What you said there is kept "
            "without your name and cannot be found again, not even for you. A request for help: you and the "
            "person you chose, nobody else."
        ),
        stays=N_("Until you erase your account."),
    ),
    Section.MAILS: SectionHead(
        title=N_("Mails we sent you"),
        seen=N_("You. Organisers see that a mail was sent, not what it says."),
        stays=N_("Until you erase your account."),
    ),
    Section.LOG: SectionHead(
        title=N_("The log"),
        seen=N_("You. The log proves that nobody changed the past in silence; it holds acts and times."),
        stays=N_(
            "The acts stay, under a number that leads nowhere once your account is erased. What was noted "
            "with them goes."
        ),
    ),
    Section.WORK: SectionHead(
        title=N_("What you did as an organiser"),
        seen=N_("You and the other organisers."),
        stays=N_("The work stays with the programme, without your name once your account is erased."),
    ),
}


@dataclass(frozen=True, kw_only=True)
class KeptFact:
    label: str
    value: str


@dataclass(frozen=True, kw_only=True)
class KeptRows:
    """The rows of one kind, each a few facts."""

    title: str
    records: tuple[tuple[KeptFact, ...], ...]


@dataclass(frozen=True, kw_only=True)
class DataSection:
    """One section of the page."""

    key: str
    title: str
    seen: str
    stays: str
    groups: tuple[KeptRows, ...]


def parts(gathered: Gathered, zone: str) -> tuple[DataSection, ...]:
    """The sections in which something stands, the account first."""
    return tuple(_part(section, gathered, zone) for section in Section if _has(section, gathered))


def _has(section: Section, gathered: Gathered) -> bool:
    return section is Section.ACCOUNT or section in gathered.rows


def _part(section: Section, gathered: Gathered, zone: str) -> DataSection:
    tables = dict(gathered.rows.get(section, {}))
    if section is Section.ACCOUNT:
        tables = {"person": (gathered.person,), **tables}
    head = HEADS[section]
    return DataSection(
        key=section.value,
        title=_(head.title),
        seen=_(head.seen),
        stays=_(head.stays),
        groups=tuple(
            KeptRows(title=_(TABLES[name]), records=tuple(tuple(_facts(row, zone)) for row in rows))
            for name, rows in tables.items()
        ),
    )


def _facts(row: Row, zone: str) -> Iterator[KeptFact]:
    """The facts of one row; what is empty and what only the machine needs is left out."""
    for name, value in row.items():
        if name == "answers":
            yield from _facts({key: kept for key, kept in value.items() if key != "week"}, zone)
            hours = len(value["week"]["free_half_hours_from_day_0_monday"]) / 2
            yield KeptFact(label=_(COLUMNS["week"]), value=parts_words.figure(hours))
        elif name == "typed":
            typed = {key: texts for key, texts in value.items() if key in COLUMNS}
            yield from _facts(typed, zone)
        elif name not in NOT_SHOWN and value not in (None, "", [], {}):
            yield KeptFact(
                label=_(COLUMNS[name]) if name in COLUMNS else name, value=_shown(name, value, zone)
            )


def _shown(name: str, value: Any, zone: str) -> str:
    if isinstance(value, bool):
        return _(YES_NO[value])
    if isinstance(value, list):
        return parts_words.listed([code_word(str(each)) for each in value])
    if name == "at" or name.endswith("_at"):
        return parts_words.moment(datetime.fromisoformat(str(value)), zone)
    if isinstance(value, int | float):
        return parts_words.figure(value)
    if name in CODED and isinstance(value, str):
        return code_word(value)
    return in_words(value) if isinstance(value, str) else str(value)
