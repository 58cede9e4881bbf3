"""Everything a run may know, frozen when a cycle closes: answers, history, credits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

from matcher.domain.facts import Couple, Facts, couple, facts_of
from matcher.domain.people import Answers, Person, Profile, Role
from matcher.domain.policy.policy import Policy

FORMAT, VERSION = "evenhand-snapshot", 1


@dataclass(frozen=True, kw_only=True)
class Member:
    """One person who takes part. `ref`: the number the solver knows them by; `credit` 0..2; `balance`: duties
    held in earlier cycles beyond the fair share."""

    ref: int
    profile: Profile
    credit: int = 0
    balance: int = 0

    @property
    def id(self) -> UUID:
        return self.profile.id

    def has(self, role: Role) -> bool:
        return role in self.profile.answers.roles


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """Members in ascending order of `ref`. met, sat: how many cycles ago two people were last a pair, or in
    one circle; 1 is the cycle before. managers: each person's manager, also of people who do not take part.
    """

    cycle: UUID
    members: tuple[Member, ...]
    met: Mapping[Couple, int] = field(default_factory=dict)
    sat: Mapping[Couple, int] = field(default_factory=dict)
    managers: Mapping[UUID, UUID] = field(default_factory=dict)

    def taking(self, role: Role, policy: Policy) -> tuple[Member, ...]:
        """Those who signed up for this role; nobody where the policy does not have it."""
        return tuple(one for one in self.members if one.has(role)) if role in policy.roles else ()

    def facts(self) -> Facts:
        """What rules and criteria may ask about two members."""
        profiles = [member.profile for member in self.members]
        return facts_of(profiles, past=self.met, managers=self.managers)

    def to_data(self) -> dict[str, Any]:
        """JSON-able; the same people in another order give the same data."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "cycle": str(self.cycle),
            "members": [_member_data(member) for member in sorted(self.members, key=lambda one: one.ref)],
            "met": _couples_data(self.met),
            "sat": _couples_data(self.sat),
            "managers": {str(person): str(manager) for person, manager in self.managers.items()},
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_data`. Raises ValueError for another format or version."""
        if (data.get("format"), data.get("version")) != (FORMAT, VERSION):
            raise ValueError(
                f"A snapshot of {data.get('format')} {data.get('version')}; expected {FORMAT} 1."
            )
        return cls(
            cycle=UUID(data["cycle"]),
            members=tuple(_member(one) for one in data["members"]),
            met=_couples(data["met"]),
            sat=_couples(data["sat"]),
            managers={UUID(person): UUID(manager) for person, manager in data["managers"].items()},
        )


def _member_data(member: Member) -> dict[str, Any]:
    person, answers = member.profile.person, member.profile.answers
    return {
        "ref": member.ref,
        "credit": member.credit,
        "balance": member.balance,
        "person": {
            "id": str(person.id),
            "email": person.email,
            "name": person.name,
            "function": person.function,
            "site": person.site,
            "department": person.department,
            "grade": person.grade,
            "zone": person.zone,
            "languages": list(person.languages),
            "manager": str(person.manager) if person.manager else None,
        },
        "answers": {
            **answers.to_data(),
            "wishes": [str(other) for other in answers.wishes],
            "not_with": sorted(str(other) for other in answers.not_with),
        },
    }


def _member(data: Mapping[str, Any]) -> Member:
    person, answers = dict(data["person"]), dict(data["answers"])
    manager = person.pop("manager")
    wishes, not_with = (tuple(UUID(one) for one in answers.pop(name)) for name in ("wishes", "not_with"))
    return Member(
        ref=data["ref"],
        credit=data["credit"],
        balance=data["balance"],
        profile=Profile(
            person=Person(
                **{**person, "id": UUID(person["id"]), "languages": tuple(person["languages"])},
                manager=UUID(manager) if manager else None,
            ),
            answers=Answers.from_data(answers, wishes=wishes, not_with=not_with),
        ),
    )


def _couples_data(couples: Mapping[Couple, int]) -> list[list[Any]]:
    return sorted([str(first), str(second), ago] for (first, second), ago in couples.items())


def _couples(data: list[list[Any]]) -> dict[Couple, int]:
    return {couple(UUID(first), UUID(second)): ago for first, second, ago in data}
