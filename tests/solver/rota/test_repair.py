import numpy as np

from solver.rota.problem import GroupRota
from solver.rota.repair import repair_rota
from solver.settings import unhurried
from tests.solver.rota.builders import assigned, terms

CIRCLE = (0, 1, 2, 3, 4)


def repaired(given, before: GroupRota, members: tuple[int, ...], held: int):
    return repair_rota(given, before, members, held, unhurried)


def test_when_nobody_leaves_nothing_changes():
    given = terms(6)
    before = assigned(given, CIRCLE).groups[0]

    assert repaired(given, before, CIRCLE, 2).rota == before


def test_one_leaves_and_only_their_duties_change_hands():
    given = terms(6)
    before = assigned(given, CIRCLE).groups[0]
    repair = repaired(given, before, (0, 1, 2, 3), 2)
    theirs = {(s, r) for s, row in enumerate(before.duties) for r, i in enumerate(row) if i == 4 and s >= 2}

    assert set(repair.changed) == theirs
    assert repair.rota.duties[:2] == before.duties[:2]
    assert all(4 not in row and -1 not in row for row in repair.rota.duties[2:])
    assert repair.proved


def test_who_joins_changes_no_standing_duty():
    given = terms(6)
    before = assigned(given, CIRCLE).groups[0]
    repair = repaired(given, before, (*CIRCLE, 5), 2)

    assert repair.rota == GroupRota(members=(*CIRCLE, 5), duties=before.duties)


def test_who_joins_in_place_of_another_takes_their_duties():
    given = terms(6)
    before = assigned(given, (0, 1, 2, 3)).groups[0]
    repair = repaired(given, before, (0, 1, 2, 5), 3)

    assert repair.rota.duties[:3] == before.duties[:3]
    assert {i for row in repair.rota.duties[3:] for i in row} <= {0, 1, 2, 5}
    assert any(5 in row for row in repair.rota.duties[3:])


def test_a_sudden_absence_moves_one_duty():
    before = assigned(terms(5), CIRCLE).groups[0]
    person = before.duties[4][0]
    repair = repaired(terms(5, absent=np.array([(person, 4)])), before, CIRCLE, 4)

    assert repair.changed[0] == (4, 0)
    assert person not in repair.rota.duties[4]
    assert len(repair.changed) <= 2


def test_after_the_last_session_nothing_is_left_to_change():
    given = terms(5)
    before = assigned(given, CIRCLE).groups[0]

    assert repaired(given, before, (0, 1, 2), 6).changed == ()
