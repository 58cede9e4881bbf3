"""How a solve ended, in our own words; the one place that reads OR-Tools' statuses."""

from enum import StrEnum


class SolveStatus(StrEnum):
    """OPTIMAL: proved best. FEASIBLE: a plan. INFEASIBLE: proved impossible. FAILED: none of them."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    FAILED = "failed"


_BY_NAME = {
    "OPTIMAL": SolveStatus.OPTIMAL,
    "FEASIBLE": SolveStatus.FEASIBLE,
    "INFEASIBLE": SolveStatus.INFEASIBLE,
}


class SolveFailedError(RuntimeError):
    """A solver class gave no usable answer, for example because a cost left its range."""


def status_named(name: str) -> SolveStatus:
    """The status for OR-Tools' own name of it ("OPTIMAL", "UNBALANCED", "BAD_COST_RANGE" …)."""
    return _BY_NAME.get(name, SolveStatus.FAILED)


def require_optimal(name: str, what: str) -> None:
    """Raises `SolveFailedError` unless OPTIMAL: reading a flow after another status can end the process."""
    if status_named(name) is not SolveStatus.OPTIMAL:
        raise SolveFailedError(f"{what} ended with {name} instead of an optimum.")
