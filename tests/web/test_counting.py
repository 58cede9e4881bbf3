"""The site's counter: the same question is counted once, and old answers go."""

from web.counting import REMEMBERED, Counting, unheard


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
