"""The order in which ties are decided: by lot, drawn from each person's opaque number and the seed."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def drawn(ids: Ints, seed: int) -> NDArray[np.uint64]:
    """A lot per opaque id: an integer hash (SplitMix64's finisher) of id and seed, the same on every
    machine.
    """
    with np.errstate(over="ignore"):
        lot = (
            ids.astype(np.uint64)
            + np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15)
            + np.uint64(0x9E3779B97F4A7C15)
        )
        lot = (lot ^ (lot >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        lot = (lot ^ (lot >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return lot ^ (lot >> np.uint64(31))


def places(ids: Ints, seed: int) -> Ints:
    """(N,) each person's place in the drawn order, 0 the first."""
    order = np.lexsort((ids, drawn(ids, seed)))
    place = np.empty(len(ids), np.int64)
    place[order] = np.arange(len(ids))
    return place
