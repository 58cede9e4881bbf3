"""What a check found: each breach by rule, whom it concerns, what was found and what was allowed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Breach:
    """One broken rule; who: the index the rule speaks of (a person, a circle, a mentor …)."""

    rule: str
    who: int
    found: int
    allowed: int
