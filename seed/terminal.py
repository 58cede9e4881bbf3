"""What the demo says in the terminal, calmly: one line is rewritten while something goes on."""

from dataclasses import dataclass, field
from typing import TextIO

WIDTH = 24
ERASE = "\r\033[K"


@dataclass
class Terminal:
    """Writes to a stream. `live` (a real terminal) rewrites a line; else only what is finished is said."""

    stream: TextIO
    live: bool
    _going_on: bool = field(default=False, init=False)

    def say(self, *lines: str) -> None:
        """Each line as it is, below whatever went on."""
        self._clear()
        self.stream.write("".join(f"{line}\n" for line in lines))
        self.stream.flush()

    def going_on(self, sentence: str, done: int = 0, of: int = 0) -> None:
        """What is being done now, and how much of it; nothing where lines cannot be rewritten."""
        if not self.live:
            return
        count = f"  {bar(done, of)} {done} of {of}" if of else ""
        self.stream.write(f"{ERASE}  … {sentence}{count}")
        self.stream.flush()
        self._going_on = True

    def done(self, sentence: str) -> None:
        """Something is finished."""
        self.say(f"  ✓ {sentence}")

    def _clear(self) -> None:
        if self._going_on:
            self.stream.write(ERASE)
            self._going_on = False


def bar(done: int, of: int) -> str:
    """A bar of 24 places, filled as far as it is done."""
    filled = min(WIDTH, WIDTH * done // of) if of else 0
    return "━" * filled + "╌" * (WIDTH - filled)
