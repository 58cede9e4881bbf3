"""Columns and constraints, nothing else. The words are those of docs/concepts.md.

Every id is a random UUID; every time is UTC; `version` counts changes where two people may write at once.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, MetaData, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.schema import SchemaItem

from matcher.domain.lifecycle import CycleState, MailState, PairState, RunState
from matcher.domain.people import EnrolmentState
from matcher.store.types import Big, Data, DateColumn, Flag, Id, Moment, Sentence

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What all tables share: names of constraints, STRICT tables on SQLite, types by annotation."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy reads it so)
        UUID: Id,
        datetime: Moment,
        date: DateColumn,
        bool: Flag,
        str: Text,
        bytes: LargeBinary,
        dict[str, Any]: Data,
        list[str]: Data,
    }


def with_rules(*items: SchemaItem) -> tuple[Any, ...]:
    """Table arguments: the constraints, and STRICT on SQLite."""
    return (*items, {"sqlite_strict": True})


def one_of(column: str, states: type[StrEnum] | tuple[str, ...]) -> CheckConstraint:
    """The column holds one of these words."""
    listed = ", ".join(f"'{state}'" for state in states)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def between(column: str, least: int, most: int) -> CheckConstraint:
    """The column holds a number of this range."""
    return CheckConstraint(f"{column} BETWEEN {least} AND {most}", name=f"{column}_range")


def at_most(column: str, characters: int) -> CheckConstraint:
    """The column holds a text of at most so many characters."""
    return CheckConstraint(f"length({column}) <= {characters}", name=f"{column}_length")


def own_id() -> Mapped[UUID]:
    """A random primary key."""
    return mapped_column(Id, primary_key=True, default=uuid4)


def refers_to(table: str, *, index: bool = False) -> Mapped[Any]:
    """A foreign key to the id of that table."""
    return mapped_column(Id, ForeignKey(f"{table}.id"), index=index)


class PersonRow(Base):
    __tablename__ = "person"
    __table_args__ = with_rules(
        CheckConstraint("email = lower(email) AND length(email) BETWEEN 3 AND 254", name="email_canonical"),
        at_most("name", 400),
        at_most("function", 200),
        at_most("site", 200),
        at_most("department", 200),
        between("grade", 0, 100),
    )
    id: Mapped[UUID] = own_id()
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    function: Mapped[str] = mapped_column(default="")
    site: Mapped[str] = mapped_column(default="")
    department: Mapped[str] = mapped_column(default="")
    grade: Mapped[int | None]
    zone: Mapped[str] = mapped_column(default="Etc/UTC")
    languages: Mapped[list[str]] = mapped_column(default=list)
    manager_id: Mapped[UUID | None] = refers_to("person", index=True)
    active: Mapped[bool] = mapped_column(default=True)
    # The language of their pages and mails; None: as their browser asks.
    locale: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class Programme(Base):
    __tablename__ = "programme"
    __table_args__ = with_rules(at_most("name", 200), at_most("slug", 60))
    id: Mapped[UUID] = own_id()
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    topics: Mapped[list[str]] = mapped_column(default=list)
    about: Mapped[str] = mapped_column(default="")
    # Which questions the form asks, and the programme's switches: see matcher.domain.sign_up.form.
    form: Mapped[dict[str, Any]] = mapped_column(default=dict)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class ProgrammeRole(Base):
    __tablename__ = "programme_role"
    __table_args__ = with_rules(
        UniqueConstraint("programme_id", "person_id", "role"), one_of("role", ("organiser", "handler"))
    )
    id: Mapped[UUID] = own_id()
    programme_id: Mapped[UUID] = refers_to("programme")
    person_id: Mapped[UUID] = refers_to("person", index=True)
    role: Mapped[str]
    given_at: Mapped[datetime]


class PolicyVersion(Base):
    __tablename__ = "policy_version"
    __table_args__ = with_rules(UniqueConstraint("programme_id", "number"))
    id: Mapped[UUID] = own_id()
    programme_id: Mapped[UUID] = refers_to("programme")
    number: Mapped[int]
    data: Mapped[dict[str, Any]]
    hash: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = refers_to("person")


class Cycle(Base):
    __tablename__ = "cycle"
    __table_args__ = with_rules(
        UniqueConstraint("programme_id", "number"),
        one_of("state", CycleState),
        at_most("name", 200),
        CheckConstraint("opens_on <= closes_on", name="sign_up_order"),
        CheckConstraint("starts_on <= ends_on", name="meeting_order"),
    )
    id: Mapped[UUID] = own_id()
    programme_id: Mapped[UUID] = refers_to("programme")
    number: Mapped[int]
    name: Mapped[str]
    state: Mapped[str] = mapped_column(default=CycleState.DRAFT.value)
    version: Mapped[int] = mapped_column(default=1)
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    created_at: Mapped[datetime]


class SignInToken(Base):
    __tablename__ = "sign_in_token"
    __table_args__ = with_rules(between("tries", 0, 5), Index(None, "address_hash", "asked_at"))
    id: Mapped[UUID] = own_id()
    person_id: Mapped[UUID | None] = refers_to("person", index=True)
    address_hash: Mapped[str]
    origin_hash: Mapped[str] = mapped_column(index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    code_hash: Mapped[str]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)


class SignIn(Base):
    __tablename__ = "sign_in"
    __table_args__ = with_rules()
    id: Mapped[UUID] = own_id()
    person_id: Mapped[UUID] = refers_to("person", index=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    device: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]


class EnrolmentRow(Base):
    __tablename__ = "enrolment"
    __table_args__ = with_rules(
        UniqueConstraint("cycle_id", "person_id"),
        UniqueConstraint("cycle_id", "ref"),
        one_of("state", EnrolmentState),
    )
    id: Mapped[UUID] = own_id()
    cycle_id: Mapped[UUID] = refers_to("cycle")
    person_id: Mapped[UUID] = refers_to("person", index=True)
    state: Mapped[str] = mapped_column(default=EnrolmentState.ACTIVE.value)
    answers: Mapped[dict[str, Any]]
    ref: Mapped[int] = mapped_column(Big)
    version: Mapped[int] = mapped_column(default=1)
    enrolled_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class NotWith(Base):
    __tablename__ = "not_with"
    __table_args__ = with_rules(
        UniqueConstraint("cycle_id", "person_id", "other_id"),
        CheckConstraint("person_id <> other_id", name="somebody_else"),
    )
    id: Mapped[UUID] = own_id()
    cycle_id: Mapped[UUID] = refers_to("cycle")
    person_id: Mapped[UUID] = refers_to("person", index=True)
    other_id: Mapped[UUID] = refers_to("person")


class Wish(Base):
    __tablename__ = "wish"
    __table_args__ = with_rules(
        UniqueConstraint("cycle_id", "person_id", "other_id"),
        CheckConstraint("person_id <> other_id", name="somebody_else"),
    )
    id: Mapped[UUID] = own_id()
    cycle_id: Mapped[UUID] = refers_to("cycle")
    person_id: Mapped[UUID] = refers_to("person", index=True)
    other_id: Mapped[UUID] = refers_to("person")
    place: Mapped[int]


class SnapshotRow(Base):
    __tablename__ = "snapshot"
    __table_args__ = with_rules()
    id: Mapped[UUID] = own_id()
    cycle_id: Mapped[UUID] = refers_to("cycle", index=True)
    hash: Mapped[str]
    blob: Mapped[bytes]
    people: Mapped[int]
    created_at: Mapped[datetime]


class SolveRun(Base):
    __tablename__ = "solve_run"
    __table_args__ = with_rules(
        one_of("state", RunState), between("attempts", 0, 3), Index(None, "state", "lease_until")
    )
    id: Mapped[UUID] = own_id()
    cycle_id: Mapped[UUID] = refers_to("cycle", index=True)
    snapshot_id: Mapped[UUID] = refers_to("snapshot")
    policy_version_id: Mapped[UUID] = refers_to("policy_version")
    state: Mapped[str] = mapped_column(default=RunState.QUEUED.value)
    attempts: Mapped[int] = mapped_column(default=0)
    seed: Mapped[int] = mapped_column(Big)
    workers: Mapped[int] = mapped_column(default=2)
    worker: Mapped[str | None]
    lease_token: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    stage: Mapped[str] = mapped_column(default="")
    done: Mapped[int] = mapped_column(default=0)
    of: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Sentence, default="")
    # The changes by hand it solves with, frozen when it was queued, and how the gap fell.
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    course: Mapped[dict[str, Any]] = mapped_column(default=dict)
    label: Mapped[str] = mapped_column(default="")
    problem: Mapped[bytes | None]
    problem_hash: Mapped[str] = mapped_column(default="")
    queued_at: Mapped[datetime]
    queued_by: Mapped[UUID | None] = refers_to("person")
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Draft(Base):
    __tablename__ = "draft"
    __table_args__ = with_rules()
    id: Mapped[UUID] = own_id()
    run_id: Mapped[UUID] = mapped_column(Id, ForeignKey("solve_run.id"), unique=True)
    cycle_id: Mapped[UUID] = refers_to("cycle", index=True)
    hash: Mapped[str]
    plan: Mapped[bytes]
    report: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class DraftPair(Base):
    __tablename__ = "draft_pair"
    __table_args__ = with_rules(
        UniqueConstraint("draft_id", "mentee_id", "mentor_id"),
        between("points", 0, 10000),
        Index(None, "draft_id", "points"),
    )
    id: Mapped[UUID] = own_id()
    draft_id: Mapped[UUID] = refers_to("draft")
    mentor_id: Mapped[UUID] = refers_to("person")
    mentee_id: Mapped[UUID] = refers_to("person")
    points: Mapped[int]
    reasons: Mapped[dict[str, Any]]


class DraftWaiting(Base):
    __tablename__ = "draft_waiting"
    __table_args__ = with_rules(UniqueConstraint("draft_id", "person_id", "role"))
    id: Mapped[UUID] = own_id()
    draft_id: Mapped[UUID] = refers_to("draft")
    person_id: Mapped[UUID] = refers_to("person")
    role: Mapped[str]
    sentences: Mapped[list[str]]
    # What would place them, for the organiser's eyes only; never published, so it is outside the hash.
    fix: Mapped[dict[str, Any]] = mapped_column(default=dict)


class DraftCircle(Base):
    __tablename__ = "draft_circle"
    __table_args__ = with_rules(UniqueConstraint("draft_id", "number"))
    id: Mapped[UUID] = own_id()
    draft_id: Mapped[UUID] = refers_to("draft")
    number: Mapped[int]
    slot: Mapped[int]
    members: Mapped[list[str]]


class DraftDuty(Base):
    __tablename__ = "draft_duty"
    __table_args__ = with_rules(
        UniqueConstraint("draft_id", "circle", "session", "duty"),
        UniqueConstraint("draft_id", "mentee_id", "mentor_id", "session", "duty"),
        CheckConstraint(
            "(circle IS NULL) <> (mentor_id IS NULL) AND (mentor_id IS NULL) = (mentee_id IS NULL)",
            name="one_group",
        ),
    )
    id: Mapped[UUID] = own_id()
    draft_id: Mapped[UUID] = refers_to("draft")
    circle: Mapped[int | None]
    mentor_id: Mapped[UUID | None] = refers_to("person")
    mentee_id: Mapped[UUID | None] = refers_to("person")
    session: Mapped[int]
    duty: Mapped[str]
    person_id: Mapped[UUID] = refers_to("person")


class Publication(Base):
    __tablename__ = "publication"
    __table_args__ = with_rules()
    id: Mapped[UUID] = own_id()
    cycle_id: Mapped[UUID] = mapped_column(Id, ForeignKey("cycle.id"), unique=True)
    draft_id: Mapped[UUID] = refers_to("draft")
    draft_hash: Mapped[str]
    published_at: Mapped[datetime]
    published_by: Mapped[UUID | None] = refers_to("person")


class Pair(Base):
    __tablename__ = "pair"
    __table_args__ = with_rules(
        UniqueConstraint("cycle_id", "mentee_id", "mentor_id"),
        one_of("state", PairState),
        between("points", 0, 10000),
        CheckConstraint("mentor_id <> mentee_id", name="somebody_else"),
    )
    id: Mapped[UUID] = own_id()
    cycle_id: Mapped[UUID] = refers_to("cycle")
    mentor_id: Mapped[UUID] = refers_to("person", index=True)
    mentee_id: Mapped[UUID] = refers_to("person", index=True)
    state: Mapped[str] = mapped_column(default=PairState.ACTIVE.value)
    points: Mapped[int]
    reasons: Mapped[dict[str, Any]]
    made_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Circle(Base):
    __tablename__ = "circle"
    __table_args__ = with_rules(UniqueConstraint("cycle_id", "number"), between("slot", 0, 335))
    id: Mapped[UUID] = own_id()
    cycle_id: Mapped[UUID] = refers_to("cycle")
    number: Mapped[int]
    slot: Mapped[int]


class CircleMember(Base):
    __tablename__ = "circle_member"
    __table_args__ = with_rules(UniqueConstraint("circle_id", "person_id"))
    id: Mapped[UUID] = own_id()
    circle_id: Mapped[UUID] = refers_to("circle")
    person_id: Mapped[UUID] = refers_to("person", index=True)
    # Sessions from 0: the first they take part in, and the first they no longer do.
    from_session: Mapped[int] = mapped_column(default=0)
    until_session: Mapped[int | None]


class Duty(Base):
    __tablename__ = "duty"
    __table_args__ = with_rules(
        UniqueConstraint("circle_id", "session", "duty"),
        UniqueConstraint("pair_id", "session", "duty"),
        CheckConstraint("(pair_id IS NULL) <> (circle_id IS NULL)", name="one_group"),
    )
    id: Mapped[UUID] = own_id()
    circle_id: Mapped[UUID | None] = refers_to("circle")
    pair_id: Mapped[UUID | None] = refers_to("pair")
    session: Mapped[int]
    duty: Mapped[str]
    person_id: Mapped[UUID] = refers_to("person", index=True)


class WaitlistRow(Base):
    __tablename__ = "waiting"
    __table_args__ = with_rules(UniqueConstraint("cycle_id", "person_id", "role"))
    id: Mapped[UUID] = own_id()
    cycle_id: Mapped[UUID] = refers_to("cycle")
    person_id: Mapped[UUID] = refers_to("person", index=True)
    role: Mapped[str]
    sentences: Mapped[list[str]]
    # Placed later in the cycle, or left.
    settled_at: Mapped[datetime | None]


class Credit(Base):
    __tablename__ = "credit"
    __table_args__ = with_rules(UniqueConstraint("cycle_id", "person_id"), between("levels", 0, 2))
    id: Mapped[UUID] = own_id()
    cycle_id: Mapped[UUID] = refers_to("cycle")
    person_id: Mapped[UUID] = refers_to("person", index=True)
    levels: Mapped[int]
    balance: Mapped[int]
    sentence: Mapped[str] = mapped_column(Sentence)


class MailRow(Base):
    __tablename__ = "mail"
    __table_args__ = with_rules(
        UniqueConstraint("cycle_id", "person_id", "kind", "occurrence"),
        one_of("state", MailState),
        Index(None, "state", "due_at"),
        Index(None, "cycle_id", "state", "kind"),
    )
    id: Mapped[UUID] = own_id()
    # A mail of no cycle (a sign-in link) carries the nil UUID, so that the unique constraint counts it.
    cycle_id: Mapped[UUID]
    person_id: Mapped[UUID] = refers_to("person", index=True)
    kind: Mapped[str]
    occurrence: Mapped[str]
    state: Mapped[str] = mapped_column(default=MailState.QUEUED.value)
    address: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    domain: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    ics: Mapped[bytes | None]
    message_id: Mapped[str] = mapped_column(unique=True)
    written_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    refusals: Mapped[int] = mapped_column(default=0)
    crashes: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None]
    lease_token: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    reply: Mapped[str | None] = mapped_column(Sentence)
    settled_at: Mapped[datetime | None]


class MailEvent(Base):
    __tablename__ = "mail_event"
    __table_args__ = with_rules(one_of("state", MailState))
    id: Mapped[UUID] = own_id()
    mail_id: Mapped[UUID] = refers_to("mail", index=True)
    at: Mapped[datetime]
    state: Mapped[str]
    attempt: Mapped[int]
    note: Mapped[str] = mapped_column(Sentence, default="")


class AuditEntry(Base):
    __tablename__ = "audit_entry"
    __table_args__ = with_rules()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    by_id: Mapped[UUID | None]
    act: Mapped[str]
    about: Mapped[UUID | None] = mapped_column(index=True)
    payload_hash: Mapped[str]
    previous: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)


class AuditPayload(Base):
    __tablename__ = "audit_payload"
    __table_args__ = with_rules()
    # Kept apart, so that what was said can be erased and the chain still be verified.
    number: Mapped[int] = mapped_column(
        ForeignKey("audit_entry.number"), primary_key=True, autoincrement=False
    )
    salt: Mapped[str]
    payload: Mapped[dict[str, Any]]


class Import(Base):
    __tablename__ = "import"
    __table_args__ = with_rules()
    id: Mapped[UUID] = own_id()
    cycle_id: Mapped[UUID] = refers_to("cycle", index=True)
    file_hash: Mapped[str]
    files: Mapped[list[str]]
    rows: Mapped[int]
    added: Mapped[int]
    changed: Mapped[int]
    imported_at: Mapped[datetime]
    imported_by: Mapped[UUID | None] = refers_to("person")
    # What stood there before, person by person, so that the import can be taken back.
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[UUID | None] = refers_to("person")
