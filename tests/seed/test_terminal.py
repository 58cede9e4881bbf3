"""The terminal stays calm: plain lines in a file, one rewritten line in a real terminal."""

from io import StringIO

from seed.terminal import ERASE, Terminal, bar


def test_in_a_file_only_what_is_finished_is_said():
    stream = StringIO()
    terminal = Terminal(stream, live=False)

    terminal.going_on("Matching", 1, 3)
    terminal.going_on("Matching", 2, 3)
    terminal.done("Matched.")

    assert stream.getvalue() == "  ✓ Matched.\n"


def test_in_a_terminal_one_line_is_rewritten_and_cleared():
    stream = StringIO()
    terminal = Terminal(stream, live=True)

    terminal.going_on("Matching", 1, 2)
    terminal.done("Matched.")

    assert stream.getvalue() == (f"{ERASE}  … Matching  {'━' * 12}{'╌' * 12} 1 of 2{ERASE}  ✓ Matched.\n")


def test_a_bar_is_empty_half_or_full():
    assert (bar(0, 4), bar(4, 4), bar(9, 4)) == ("╌" * 24, "━" * 24, "━" * 24)
    assert bar(0, 0) == "╌" * 24
