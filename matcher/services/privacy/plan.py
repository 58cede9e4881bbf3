"""What becomes of every column that names a person: shown to them or not and why, erased or kept apart.

A test walks all tables and demands that no such column is missing here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from sqlalchemy import Column, Table

# Imported for their tables: the plan is about all of them.
from matcher.domain.sentences import TranslatableText, say
from matcher.store import organiser_tables, participant_tables, safety_tables
from matcher.store.tables import Base

ALL_TABLES = (participant_tables, organiser_tables, safety_tables)


class Section(StrEnum):
    """The parts of "My data", in the order of the page."""

    ACCOUNT = "account"
    ANSWERS = "answers"
    MATCHES = "matches"
    NOTES = "notes"
    CARE = "care"
    MAILS = "mails"
    LOG = "log"
    WORK = "work"


class Fate(StrEnum):
    """What an erasure does with the rows that name the person in this column."""

    GONE = "gone"
    """The row is deleted."""
    APART = "apart"
    """The row stays, and names somebody who left: a stand-in with a number nobody can trace."""
    EMPTY = "empty"
    """The row stays and names nobody."""


@dataclass(frozen=True, kw_only=True)
class ColumnRule:
    """For one column. `section`: where the rows are shown and exported; if nowhere, `why_not` says why."""

    fate: Fate
    section: Section | None = None
    why_not: TranslatableText | None = None

    def __post_init__(self) -> None:
        if (self.section is None) == (self.why_not is None):
            raise ValueError("A column is either shown in a section or has a reason why not.")


def shown(section: Section, fate: Fate) -> ColumnRule:
    return ColumnRule(section=section, fate=fate)


def hidden(why_not: TranslatableText, fate: Fate) -> ColumnRule:
    return ColumnRule(why_not=why_not, fate=fate)


OTHERS = say("It belongs to somebody else, who told it in confidence.")
ANOTHERS_ROW = say("It is part of what somebody else's page shows them.")
WORKING_PAPER = say("A draft is a working paper; what became of it stands under your matches.")
ONE_USE = say("Sign-in links are kept as fingerprints for minutes and cannot be read.")
NO_DIRECTION = say("It protects two people, and does not say which of them asked for it.")

PLANS: Mapping[str, ColumnRule] = MappingProxyType(
    {
        "person.manager_id": hidden(ANOTHERS_ROW, Fate.EMPTY),
        "programme_role.person_id": shown(Section.ACCOUNT, Fate.GONE),
        "sign_in.person_id": shown(Section.ACCOUNT, Fate.GONE),
        "sign_in_token.person_id": hidden(ONE_USE, Fate.GONE),
        "calendar_feed.person_id": shown(Section.ACCOUNT, Fate.GONE),
        "enrolment.person_id": shown(Section.ANSWERS, Fate.APART),
        "form_draft.person_id": shown(Section.ANSWERS, Fate.GONE),
        "consent.person_id": shown(Section.ANSWERS, Fate.GONE),
        "wish.person_id": shown(Section.ANSWERS, Fate.GONE),
        "wish.other_id": hidden(OTHERS, Fate.GONE),
        "not_with.person_id": shown(Section.ANSWERS, Fate.GONE),
        "not_with.other_id": hidden(OTHERS, Fate.GONE),
        "pair.mentor_id": shown(Section.MATCHES, Fate.APART),
        "pair.mentee_id": shown(Section.MATCHES, Fate.APART),
        "circle_member.person_id": shown(Section.MATCHES, Fate.APART),
        "duty.person_id": shown(Section.MATCHES, Fate.APART),
        "duty_offer.offered_by": shown(Section.MATCHES, Fate.APART),
        "duty_offer.taken_by": shown(Section.MATCHES, Fate.APART),
        "waiting.person_id": shown(Section.MATCHES, Fate.GONE),
        "credit.person_id": shown(Section.MATCHES, Fate.GONE),
        "parting.person_id": shown(Section.MATCHES, Fate.APART),
        "private_note.person_id": shown(Section.NOTES, Fate.GONE),
        "goal.made_by": shown(Section.NOTES, Fate.APART),
        "goal_step.done_by": shown(Section.NOTES, Fate.APART),
        "check_in_invitation.person_id": shown(Section.CARE, Fate.GONE),
        "escalation.asked_by": shown(Section.CARE, Fate.GONE),
        "escalation.handler_id": hidden(OTHERS, Fate.APART),
        "escalation_message.by_id": shown(Section.CARE, Fate.APART),
        "blocked_pair.first_id": hidden(NO_DIRECTION, Fate.GONE),
        "blocked_pair.second_id": hidden(NO_DIRECTION, Fate.GONE),
        "mail.person_id": shown(Section.MAILS, Fate.APART),
        "draft_pair.mentor_id": hidden(WORKING_PAPER, Fate.APART),
        "draft_pair.mentee_id": hidden(WORKING_PAPER, Fate.APART),
        "draft_waiting.person_id": hidden(WORKING_PAPER, Fate.GONE),
        "draft_duty.mentor_id": hidden(WORKING_PAPER, Fate.APART),
        "draft_duty.mentee_id": hidden(WORKING_PAPER, Fate.APART),
        "draft_duty.person_id": hidden(WORKING_PAPER, Fate.APART),
        "policy_version.created_by": shown(Section.WORK, Fate.APART),
        "solve_run.queued_by": shown(Section.WORK, Fate.APART),
        "publication.published_by": shown(Section.WORK, Fate.APART),
        "import.imported_by": shown(Section.WORK, Fate.APART),
        "import.undone_by": shown(Section.WORK, Fate.APART),
        "manual_change.made_by": shown(Section.WORK, Fate.APART),
        "manual_change.undone_by": shown(Section.WORK, Fate.APART),
        "sign_off.person_id": shown(Section.WORK, Fate.APART),
        "mail_text.changed_by": shown(Section.WORK, Fate.APART),
        "upload.person_id": shown(Section.WORK, Fate.GONE),
        "repair.asked_by": shown(Section.WORK, Fate.APART),
        "repair.settled_by": shown(Section.WORK, Fate.APART),
    }
)


@cache
def naming_people() -> dict[str, Column[object]]:
    """Every column of every table that refers to a person, by "table.column"."""
    return {
        f"{table.name}.{column.name}": column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == "person" for key in column.foreign_keys)
    }


def tables_of(section: Section) -> tuple[Table, ...]:
    """The tables shown in a section, in the order of the plan."""
    names = dict.fromkeys(name.split(".")[0] for name, plan in PLANS.items() if plan.section is section)
    return tuple(Base.metadata.tables[name] for name in names)


def own_columns(table: Table) -> tuple[Column[object], ...]:
    """The columns of that table by which a row is somebody's own, to be shown to them."""
    return tuple(
        column
        for name, column in naming_people().items()
        if column.table is table and name in PLANS and PLANS[name].section is not None
    )
