"""The site's counter: the same question is counted once, and old answers go."""

from threading import Barrier, Thread

import pytest

from web.counting import REMEMBERED, Counting, LatestValues, unheard


class Counter:
    """Answers each question with itself, and writes down what it was asked."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []

    def __call__(self, problem, *, report, **_limits) -> bytes:
        report("counted", 1, 1)
        self.asked.append(problem)
        return b"answer to " + problem


def ask(counting: Counting, problem: bytes) -> bytes:
    return counting(problem, seconds=1.0, memory_mb=64, report=unheard)


def test_same_question_is_counted_once():
    counter = Counter()
    counting = Counting(counter)

    assert [ask(counting, b"one"), ask(counting, b"one")] == [b"answer to one"] * 2
    assert counter.asked == [b"one"]


def test_oldest_answer_goes_first():
    counter = Counter()
    counting = Counting(counter)
    for number in range(REMEMBERED + 1):
        ask(counting, str(number).encode())

    ask(counting, b"0")
    ask(counting, str(REMEMBERED).encode())

    assert counter.asked[-1] == b"0"
    assert len(counter.asked) == REMEMBERED + 2


def test_what_was_made_is_kept_until_its_state_changes():
    kept, made = LatestValues[str](most=2), iter(("first", "second", "third"))

    def make() -> str:
        return next(made)

    assert [kept("a", 1, make), kept("a", 1, make), kept("a", 2, make)] == ["first", "first", "second"]
    assert kept("b", 1, make) == "third"


def test_what_was_asked_for_longest_ago_goes_first():
    kept, made = LatestValues[str](most=2), []

    for name in ("a", "b", "a", "c", "a", "b"):
        kept(name, 1, lambda name=name: made.append(name) or name)

    assert made == ["a", "b", "c", "b"]


def test_who_asks_while_it_is_made_waits_for_the_same_one():
    kept, begun, made, given = LatestValues[int](most=2), Barrier(2), [], []

    def make() -> int:
        begun.wait()
        made.append(1)
        return len(made)

    readers = [Thread(target=lambda: given.append(kept("a", 1, make))) for _ in range(2)]
    for one in readers:
        one.start()
    begun.wait()
    for one in readers:
        one.join()

    assert (made, given) == ([1], [1, 1])


def test_what_could_not_be_made_is_tried_again():
    kept, made = LatestValues[float](most=2), iter((0, 4))

    def make() -> float:
        return 8 / next(made)

    with pytest.raises(ZeroDivisionError):
        kept("a", 1, make)
    assert kept("a", 1, make) == 2
