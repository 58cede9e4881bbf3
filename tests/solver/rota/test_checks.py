"""The checker objects to each broken rule, and to nothing else."""

import numpy as np

from solver.checks.rota import rota_breaches
from solver.checks.verdict import Breach
from solver.rota.problem import GroupRota, RotaPlan
from tests.solver.rota.builders import terms

MEMBERS = (0, 1, 2)


def breaches(duties, **changes):
    plan = RotaPlan(groups=(GroupRota(members=MEMBERS, duties=duties),), cost=0, proved=True)
    return list(rota_breaches(terms(4, **{"sessions": 2, "duties": 2, **changes}), [MEMBERS], plan))


def test_a_sound_rota_passes():
    assert breaches(((0, 1), (2, 0)), balance=np.array([-1, 0, 0, 0])) == []


def test_two_duties_in_one_session_are_named():
    assert breaches(((0, 0), (2, 1))) == [Breach("rota_two_duties", 0, 2, 1)]


def test_the_absent_the_unwilling_and_strangers_are_named():
    willing = np.ones((4, 2), bool)
    willing[1, 1] = False

    found = breaches(((0, 1), (3, 2)), willing=willing, absent=np.array([(0, 0)]))

    assert found == [
        Breach("rota_absent", 0, 0, -1),
        Breach("rota_opted_out", 1, 1, -1),
        Breach("rota_stranger", 3, 0, -1),
    ]


def test_a_missing_session_and_a_missing_duty_are_named():
    assert breaches(((0,),)) == [Breach("rota_sessions", 0, 1, 2), Breach("rota_duties", 0, 1, 2)]


def test_a_wrong_cost_is_named():
    assert breaches(((0, 1), (0, 2))) == [Breach("rota_cost", 0, 0, 33)]


def test_a_group_without_a_rota_is_named():
    plan = RotaPlan(groups=(), cost=0, proved=True)

    assert list(rota_breaches(terms(3), [MEMBERS], plan)) == [Breach("rota_groups", 0, 0, 1)]
