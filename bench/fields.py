"""Finite fields of up to 64 elements as tables: elements are 0..q-1, digits of a polynomial in base p."""

from functools import lru_cache
from itertools import product

import numpy as np

from solver.circles.problem import Ints

LARGEST = 64


def prime_power(q: int) -> tuple[int, int] | None:
    """(p, k) with p^k = q and p prime, or None."""
    for p in range(2, q + 1):
        if q % p == 0:
            power, k = p, 1
            while power < q:
                power, k = power * p, k + 1
            return (p, k) if power == q else None
    return None


@lru_cache(maxsize=32)
def field(q: int) -> tuple[Ints, Ints]:
    """Tables of addition and multiplication (q, q). Raises ValueError unless q is a prime power up to 64."""
    base = prime_power(q)
    if base is None or q > LARGEST:
        raise ValueError(f"There is no table of a field with {q} elements.")
    p, k = base
    digits = np.array(list(product(range(p), repeat=k)), np.int64)[:, ::-1]
    worth = p ** np.arange(k)
    plus = ((digits[:, None] + digits[None]) % p) @ worth
    for lowest in product(range(p), repeat=k):
        times = _times(digits, np.array(lowest), p) @ worth
        # Only an irreducible polynomial leaves no two elements whose product is 0.
        if (times[1:, 1:] > 0).all():
            return plus, times
    raise ValueError(f"There is no table of a field with {q} elements.")


def _times(digits: Ints, lowest: Ints, p: int) -> Ints:
    """Products modulo x^k + the polynomial with these digits, as digits (q, q, k)."""
    q, k = digits.shape
    full = np.zeros((q, q, 2 * k - 1), np.int64)
    for i in range(k):
        for j in range(k):
            full[:, :, i + j] += digits[:, None, i] * digits[None, :, j]
    for power in range(2 * k - 2, k - 1, -1):
        full[:, :, power - k : power] -= full[:, :, power, None] * lowest
    return np.asarray(full[:, :, :k] % p)
