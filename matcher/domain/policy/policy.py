"""A policy: hard rules and weighted criteria by name, with parameters. Data, versioned."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, Self, get_args

from matcher.domain.errors import PolicyError, Problem
from matcher.domain.people import Role
from matcher.domain.policy.criteria import CRITERIA
from matcher.domain.policy.parameters import Parameter, read_values, unknown, unknown_names
from matcher.domain.policy.rules import RULES
from matcher.domain.sentences import TranslatableText, say

FORMAT, VERSION = "evenhand-policy", 1
MOST_POINTS = 10_000
LARGEST_PAIR = 3

Mode = Literal["fair", "full", "total", "first"]
MODES: Mapping[str, TranslatableText] = {
    "fair": say("Lifts the people with the fewest options first, then takes the best fit overall."),
    "full": say("Lifts the people with the fewest options first, all the way."),
    "total": say("Places as many as possible, then takes the best fit overall."),
    "first": say("Gives as many people as possible their very best fit."),
}


@dataclass(frozen=True, kw_only=True)
class RuleUse:
    """A hard rule in use: its name and parameters, all of them once the policy stands."""

    name: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CriterionUse:
    """A criterion in use: its name, weight 0..10 and parameters."""

    name: str
    weight: int
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CircleFormat:
    """Peer circles: sizes, and for how many cycles nobody meets the same people again.

    Sizes of two and three are peer pairs and trios: with a target of two, a trio only where pairs do not
    come out.
    """

    on: bool = True
    smallest: int = 4
    target: int = 5
    largest: int = 6
    history: int = 4

    @property
    def of_pairs(self) -> bool:
        """Whether peers meet in pairs and trios."""
        return self.largest <= LARGEST_PAIR


DEFAULT_RULES = tuple(
    RuleUse(name=name)
    for name in (
        "same_person",
        "reporting_line",
        "not_blocked",
        "shared_language",
        "shared_session",
        "no_repeat",
    )
)

DEFAULT_CRITERIA = tuple(
    CriterionUse(name=name, weight=weight)
    for name, weight in (
        ("topics", 10),
        ("grade_gap", 4),
        ("cross_functional", 3),
        ("shared_hours", 3),
        ("wishes", 2),
        ("languages", 1),
    )
)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """points: the highest utility a pair can have. line: thousandths of it from which a pair is adequate.

    levels: steps below the line. cross_share: thousandths of the pairs that should be cross-functional, 0 for
    none asked. credits: who came off badly is placed earlier. pairs: there are mentors and mentees; a
    programme has these, peers, or both. sessions of session_minutes, every_weeks weeks. duties: the first
    leads the session; a session of two has only that one. pair_duties: who leads takes turns in the sessions
    of mentor and mentee too, and of two peers one must be ready to lead.
    Raises PolicyError naming everything that is wrong.
    """

    version: int = VERSION
    mode: Mode = "fair"
    points: int = MOST_POINTS
    line: int = 450
    levels: int = 20
    rules: tuple[RuleUse, ...] = DEFAULT_RULES
    criteria: tuple[CriterionUse, ...] = DEFAULT_CRITERIA
    credits: bool = True
    cross_share: int = 0
    pairs: bool = True
    circles: CircleFormat = field(default_factory=CircleFormat)
    sessions: int = 6
    session_minutes: int = 60
    every_weeks: int = 2
    duties: tuple[str, ...] = ("facilitator", "timekeeper", "note-taker")
    pair_duties: bool = True
    seed: int = 1

    def __post_init__(self) -> None:
        problems = list(_number_faults(self))
        rules, wrong_rules = _read_rules(self.rules)
        criteria, wrong_criteria = _read_criteria(self.criteria)
        problems += wrong_rules + wrong_criteria
        if problems:
            raise PolicyError(tuple(problems))
        object.__setattr__(self, "rules", rules)
        object.__setattr__(self, "criteria", criteria)

    def replace(self, **changes: Any) -> Self:
        """The same policy with some values changed; checked anew."""
        return replace(self, **changes)

    def shares(self) -> tuple[int, ...]:
        """Most points of each criterion: `points` by weight, largest remainder, the first wins a tie."""
        whole = sum(use.weight for use in self.criteria)
        if whole == 0:
            return tuple(0 for _ in self.criteria)
        exact = [divmod(self.points * use.weight, whole) for use in self.criteria]
        left = self.points - sum(quotient for quotient, _ in exact)
        first = sorted(range(len(exact)), key=lambda place: -exact[place][1])[:left]
        return tuple(quotient + (place in first) for place, (quotient, _) in enumerate(exact))

    @property
    def adequate(self) -> int:
        """Points from which a pair is adequate, at least 1."""
        return max(1, self.points * self.line // 1000)

    @property
    def roles(self) -> tuple[Role, ...]:
        """What people can sign up as: mentors and mentees only together, peers where there are circles."""
        offered = {Role.MENTOR: self.pairs, Role.MENTEE: self.pairs, Role.PEER: self.circles.on}
        return tuple(role for role in Role if offered[role])

    def to_data(self) -> dict[str, Any]:
        """JSON-able; `from_data` is the inverse."""
        data = {"format": FORMAT, **_plain(asdict(self))}
        if self.pairs:
            # As it was stored before this could be chosen: the same policy keeps its hash.
            del data["pairs"]
        return data

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The policy as stored or sent. Raises PolicyError naming every unknown word and wrong value."""
        if not isinstance(data, Mapping):
            raise PolicyError((Problem(sentence=say("A policy is an object with rules and criteria.")),))
        values = {name: value for name, value in data.items() if name != "format"}
        problems = list(_shape_faults(data, [one.name for one in fields(cls)]))
        if problems:
            raise PolicyError(tuple(problems))
        for name, kind in (("rules", RuleUse), ("criteria", CriterionUse)):
            if name in values:
                values[name] = tuple(kind(**use) for use in values[name])
        if "duties" in values:
            values["duties"] = tuple(values["duties"])
        if "circles" in values:
            values["circles"] = CircleFormat(**values["circles"])
        return cls(**values)


def _plain(value: Any) -> Any:
    """Tuples as lists and table keys as texts, as JSON has them."""
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, tuple) else value


def _shape_faults(data: Mapping[str, Any], known: list[str]) -> Iterator[Problem]:
    if data.get("format", FORMAT) != FORMAT or data.get("version", VERSION) != VERSION:
        said = say(
            "This is {found}; expected {format} {version}.",
            found=f"{data.get('format')} {data.get('version')}",
            format=FORMAT,
            version=VERSION,
        )
        yield Problem(pointer="/version", sentence=said)
    yield from unknown_names(
        [name for name in data if name != "format"], known, kind=say("policy setting"), at=""
    )
    for name, allowed, needed in (
        ("rules", {"name", "params"}, {"name"}),
        ("criteria", {"name", "weight", "params"}, {"name", "weight"}),
    ):
        uses = data.get(name, [])
        if not isinstance(uses, list | tuple):
            yield Problem(
                pointer=f"/{name}",
                sentence=say("{name} is {found}; expected a list.", name=name, found=repr(uses)),
            )
            continue
        for place, use in enumerate(uses):
            if not isinstance(use, Mapping) or not needed <= set(use) <= allowed:
                expected = tuple(sorted(allowed))
                said = say("Entry {place}: expected {names}.", place=place, names=expected)
                yield Problem(pointer=f"/{name}/{place}", sentence=said)
            elif not isinstance(use["name"], str) or not isinstance(use.get("params", {}), Mapping):
                said = say("The name is a text, params an object.")
                yield Problem(pointer=f"/{name}/{place}", sentence=said)
    duties = data.get("duties", [])
    if not isinstance(duties, list | tuple) or not all(isinstance(duty, str) for duty in duties):
        yield Problem(pointer="/duties", sentence=say("duties is a list of words."))
    known_format = {one.name for one in fields(CircleFormat)}
    circles = data.get("circles", {})
    if not isinstance(circles, Mapping) or not set(circles) <= known_format:
        said = say("circles: expected {names}.", names=tuple(sorted(known_format)))
        yield Problem(pointer="/circles", sentence=said)


def _read_rules(uses: tuple[RuleUse, ...]) -> tuple[tuple[RuleUse, ...], list[Problem]]:
    read, problems = [], list(_twice("rules", [use.name for use in uses]))
    for place, use in enumerate(uses):
        at = f"/rules/{place}"
        if use.name not in RULES:
            said = unknown(use.name, list(RULES), kind=say("hard rule"))
            problems.append(Problem(pointer=at, sentence=said))
            continue
        params, wrong = _params(RULES[use.name].params, use.params, use.name, at)
        problems += wrong
        if use.name == "grade_gap" and not wrong and params["lowest"] > params["highest"]:
            said = say("grade_gap: lowest is above highest.")
            problems.append(Problem(pointer=f"{at}/params", sentence=said))
        read.append(RuleUse(name=use.name, params=params))
    return tuple(read), problems


def _read_criteria(uses: tuple[CriterionUse, ...]) -> tuple[tuple[CriterionUse, ...], list[Problem]]:
    read, problems = [], list(_twice("criteria", [use.name for use in uses]))
    for place, use in enumerate(uses):
        at = f"/criteria/{place}"
        if not _whole(use.weight, 0, 10):
            said = say(
                "{name}: weight {weight}; expected a whole number from 0 to 10.",
                name=use.name,
                weight=repr(use.weight),
            )
            problems.append(Problem(pointer=f"{at}/weight", sentence=said))
        if use.name not in CRITERIA:
            said = unknown(use.name, list(CRITERIA), kind=say("criterion"))
            problems.append(Problem(pointer=at, sentence=said))
            continue
        params, wrong = _params(CRITERIA[use.name].params, use.params, use.name, at)
        problems += wrong
        read.append(CriterionUse(name=use.name, weight=use.weight, params=params))
    return tuple(read), problems


def _params(
    known: tuple[Parameter, ...], values: Mapping[str, Any], of: str, at: str
) -> tuple[dict[str, Any], list[Problem]]:
    return read_values(known, values, of=of, pointer=f"{at}/params")


def _twice(kind: str, names: list[str]) -> Iterator[Problem]:
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem(pointer=f"/{kind}", sentence=say("“{name}” is listed twice.", name=name))


def _whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _number_faults(policy: Policy) -> Iterator[Problem]:
    for name, least, most in (
        ("version", VERSION, VERSION),
        ("points", 1, MOST_POINTS),
        ("line", 0, 1000),
        ("levels", 1, 100),
        ("cross_share", 0, 1000),
        ("sessions", 1, 64),
        ("session_minutes", 30, 480),
        ("every_weeks", 1, 12),
        ("seed", 0, 2**53),
    ):
        value = getattr(policy, name)
        if not _whole(value, least, most):
            said = say(
                "{name} is {value}; expected a whole number from {least} to {most}.",
                name=name,
                value=repr(value),
                least=least,
                most=most,
            )
            yield Problem(pointer=f"/{name}", sentence=said)
    if policy.mode not in get_args(Mode):
        said = unknown(str(policy.mode), list(get_args(Mode)), kind=say("mode"))
        yield Problem(pointer="/mode", sentence=said)
    sizes = [policy.circles.smallest, policy.circles.target, policy.circles.largest]
    if not all(_whole(size, 2, 8) for size in sizes) or sizes != sorted(sizes):
        said = say(
            "circles of {sizes}; expected 2 ≤ smallest ≤ target ≤ largest ≤ 8.",
            sizes=tuple(repr(size) for size in sizes),
        )
        yield Problem(pointer="/circles", sentence=said)
    if not _whole(policy.circles.history, 0, 100):
        yield Problem(pointer="/circles/history", sentence=say("history: expected 0 to 100 cycles."))
    if not policy.pairs and not policy.circles.on:
        said = say("People need something to sign up for: mentors and mentees, peers, or both.")
        yield Problem(pointer="/pairs", sentence=said)
    for name in ("credits", "pair_duties", "pairs"):
        value = getattr(policy, name)
        if not isinstance(value, bool):
            said = say("{name} is {value}; expected true or false.", name=name, value=repr(value))
            yield Problem(pointer=f"/{name}", sentence=said)
    if not 1 <= len(policy.duties) <= 5 or len(set(policy.duties)) < len(policy.duties):
        yield Problem(
            pointer="/duties", sentence=say("Name 1 to 5 different duties; the first leads the session.")
        )
