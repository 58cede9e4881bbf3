"""The policy editor's fields as a policy: what is not asked there stays as it is."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from matcher.domain.errors import Invalid, PolicyError, Problem
from matcher.domain.policy.criteria import CRITERIA
from matcher.domain.policy.parameters import Whole
from matcher.domain.policy.policy import CircleFormat, CriterionUse, Policy, RuleUse
from matcher.domain.policy.rules import RULES
from matcher.domain.sentences import say

Fields = Mapping[str, Sequence[str]]

WHOLE = re.compile(r"-?[0-9]{1,6}", re.ASCII)
SIZES = ("smallest", "target", "largest")


def values_of(policy: Policy) -> dict[str, list[str]]:
    """What stands in the fields for this policy; rules not in use stand with their usual numbers."""
    used = {use.name: use.params for use in policy.rules}
    weights = {use.name: use.weight for use in policy.criteria}
    values: dict[str, list[str]] = {
        "rule": list(used),
        "mode": [policy.mode],
        "line": [str(policy.line // 10)],
        "cross_share": [str(policy.cross_share // 10)],
        "credits": ["yes"] if policy.credits else [],
        "circles": ["yes"] if policy.circles.on else [],
        "history": [str(policy.circles.history)],
        **{name: [str(getattr(policy.circles, name))] for name in SIZES},
        **{f"weight-{name}": [str(weights.get(name, 0))] for name in CRITERIA},
    }
    for rule in RULES.values():
        for one in rule.params:
            values[f"{rule.name}-{one.name}"] = [str(used.get(rule.name, {}).get(one.name, one.default))]
    return values


def read_policy_form(fields: Fields, present: Policy) -> Policy:
    """The policy the fields say. Raises Invalid naming every field that is wrong; blanks are problems too."""
    reader = _Reader(fields)
    rules = _rules(reader, present)
    criteria = _criteria(reader, present)
    values: dict[str, Any] = {
        "rules": rules,
        "criteria": criteria,
        "mode": reader.one("mode"),
        "line": reader.per_cent("line", present.line),
        "cross_share": reader.per_cent("cross_share", present.cross_share),
        "credits": reader.ticked("credits"),
        "circles": CircleFormat(
            on=reader.ticked("circles"),
            history=reader.whole("history", 0, 100),
            **{name: reader.whole(name, 2, 8) for name in SIZES},
        ),
    }
    sizes = [reader.whole(name, 2, 8) for name in SIZES]
    if not reader.problems and sizes != sorted(sizes):
        said = say("The sizes must rise: smallest, usual, largest.")
        reader.problems["smallest"] = Problem(pointer="/smallest", sentence=said)
    for use in rules:
        if use.name == "grade_gap" and not reader.problems and use.params["lowest"] > use.params["highest"]:
            said = say("The lowest number of grades is above the highest.")
            reader.problems["grade_gap-lowest"] = Problem(pointer="/grade_gap-lowest", sentence=said)
    if not reader.problems and not any(use.weight for use in criteria):
        said = say("Give at least one criterion a weight above 0.")
        reader.problems["weight-topics"] = Problem(pointer="/weight-topics", sentence=said)
    if reader.problems:
        raise Invalid(tuple(reader.problems.values()))
    try:
        return present.replace(**values)
    except PolicyError as wrong:
        raise Invalid(wrong.problems) from wrong


def _rules(reader: "_Reader", present: Policy) -> tuple[RuleUse, ...]:
    """Those ticked and those that always hold, in the order they have."""
    ticked = {*reader.fields.get("rule", ()), *(name for name, rule in RULES.items() if rule.always)}
    order = [use.name for use in present.rules if use.name in ticked]
    order += [name for name in RULES if name in ticked and name not in order]
    return tuple(
        RuleUse(
            name=name,
            params={
                one.name: reader.whole(f"{name}-{one.name}", one.least, one.most)
                for one in RULES[name].params
                if isinstance(one, Whole)
            },
        )
        for name in order
    )


def _criteria(reader: "_Reader", present: Policy) -> tuple[CriterionUse, ...]:
    """Those with a weight, and those the policy names already; their own numbers stay."""
    known = {use.name: use for use in present.criteria}
    order = [*known, *(name for name in CRITERIA if name not in known)]
    weights = {name: reader.whole(f"weight-{name}", 0, 10) for name in order}
    return tuple(
        CriterionUse(name=name, weight=weights[name], params=known[name].params if name in known else {})
        for name in order
        if name in known or weights[name]
    )


class _Reader:
    """Reads fields one by one; what is wrong gathers, a field at a time."""

    def __init__(self, fields: Fields) -> None:
        self.fields = fields
        self.problems: dict[str, Problem] = {}

    def one(self, name: str) -> str:
        return next(iter(self.fields.get(name, ())), "").strip()

    def ticked(self, name: str) -> bool:
        return self.one(name) == "yes"

    def whole(self, name: str, least: int, most: int) -> int:
        text = self.one(name)
        if WHOLE.fullmatch(text) and least <= int(text) <= most:
            return int(text)
        said = say("Enter a whole number from {least} to {most}.", least=least, most=most)
        self.problems.setdefault(name, Problem(pointer=f"/{name}", sentence=said, value=text[:40]))
        return least

    def per_cent(self, name: str, present: int) -> int:
        """Thousandths; the present ones where the per cents are the same."""
        typed = self.whole(name, 0, 100)
        return present if typed == present // 10 else 10 * typed
