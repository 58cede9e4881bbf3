"""One face for all measurements: a name, options, a table or one JSON object a line."""

import json
from importlib import import_module

import pytest

from bench.__main__ import BENCHES, QUICK, main
from bench.whatif import CASES


def test_an_unknown_name_lists_the_known_ones(capsys: pytest.CaptureFixture[str]):
    assert main(["gardening"]) == 2

    said = capsys.readouterr().err
    assert [name for name in BENCHES if name not in said] == []


@pytest.mark.parametrize("name", BENCHES)
def test_every_bench_says_its_options_and_runs(name: str):
    bench = import_module(BENCHES[name][0])

    assert callable(bench.add_arguments)
    assert callable(bench.run)


def test_what_all_runs_exists():
    assert {name for name, *_ in QUICK} <= set(BENCHES)


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]):
    assert main(["whatif", "--people", "90", "--questions", "3", "--json"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["case"] for line in lines] == list(CASES)
    assert all({"people", "p50", "p95", "s_seconds", "ratio"} <= set(json.loads(line)) for line in lines)


def test_a_repair_moves_nobody_else(capsys: pytest.CaptureFixture[str]):
    assert main(["repair", "--mentees", "120", "--seed", "3", "--json"]) == 0

    kept, anew = map(json.loads, capsys.readouterr().out.splitlines())
    assert kept["others_moved"] == 0
    assert kept["stability"] == 1000
    assert anew["utility_loss"] == 0


def test_a_table_has_a_line_for_each_figure(capsys: pytest.CaptureFixture[str]):
    assert main(["whatif", "--people", "90", "--cases", "one"]) == 0

    shown = capsys.readouterr().out
    assert "whatif --people 90" in shown
    assert "s_seconds" in shown


def test_a_matching_of_peers_is_proved_and_costs_what_another_package_finds(
    capsys: pytest.CaptureFixture[str],
):
    assert main(["matching", "--people", "61", "--seed", "2", "--json"]) == 0

    trios, pairs, *others = map(json.loads, capsys.readouterr().out.splitlines())
    assert (trios["proved"], trios["violations"], pairs["proved"]) == (True, 0, True)
    assert all(other["objective"] == pairs["objective"] for other in others)
