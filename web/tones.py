"""What a page says once after an act, where it is no good news; good news is a plain `flash`."""

from flask import flash


def nothing_done(words: str) -> None:
    """There was nothing to do: another colour and mark."""
    flash(words, "warm")


def refused(words: str) -> None:
    """It was not done, or something is wrong: announced at once, with its own colour, mark and word."""
    flash(words, "stop")
