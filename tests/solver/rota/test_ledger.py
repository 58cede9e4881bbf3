import numpy as np
import pytest

from solver.rota.ledger import LedgerEntry, ledger, substitutes
from solver.rota.problem import GroupRota
from tests.solver.rota.builders import terms

ROTA = GroupRota(members=(0, 1, 2), duties=((0,), (1,), (0,)))


def given(**changes):
    return terms(3, **{"sessions": 3, "duties": 1, **changes})


def test_the_ledger_says_what_everybody_did_and_carries_on():
    entries = ledger(given(balance=np.array([1, 0, -1])), [ROTA])

    assert entries == (
        LedgerEntry(person=0, carried=1, held=2, balance=2),
        LedgerEntry(person=1, carried=0, held=1, balance=0),
        LedgerEntry(person=2, carried=-1, held=0, balance=-2),
    )


def test_substitutes_come_lowest_load_first():
    assert substitutes(given(), ROTA, (2, 0)) == (2, 1)


@pytest.mark.parametrize(
    "changes", [{"willing": np.array([[True], [True], [False]])}, {"absent": np.array([(2, 2)])}]
)
def test_nobody_substitutes_against_an_opt_out_or_when_away(changes):
    assert substitutes(given(**changes), ROTA, (2, 0)) == (1,)
