"""A figure with its label, as pages show it in a row of several."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Tile:
    """A figure, what it counts, and a remark."""

    figure: str
    label: str
    more: str = ""
