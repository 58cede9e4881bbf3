"""What can go wrong in the domain's own words; each carries the sentence the person reads."""

from dataclasses import dataclass
from datetime import datetime

MOST_VALUE = 40


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing wrong with an input, and where: a JSON Pointer, or row (header is row 1) and column.

    `value` is what was found, cut to 40 characters.
    """

    sentence: str
    pointer: str = ""
    row: int | None = None
    column: int | None = None
    header: str | None = None
    value: str | None = None

    def __post_init__(self) -> None:
        if self.value is not None and len(self.value) > MOST_VALUE:
            object.__setattr__(self, "value", self.value[: MOST_VALUE - 1] + "…")


class DomainError(Exception):
    """Something that cannot be done; `sentence` says what happened, what was kept and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class WrongState(DomainError):  # noqa: N818 (the word of the glossary, not of the language)
    """The thing is in a state in which this act makes no sense; the sentence lists what does."""


class NotAllowed(DomainError):  # noqa: N818
    """This person may not do this."""


class NotFound(DomainError):  # noqa: N818
    """There is no such thing, or none that this person may know of."""


class Changed(DomainError):  # noqa: N818
    """Somebody else was first: `who` and `when` say who changed it."""

    def __init__(self, sentence: str, *, who: str = "", when: datetime | None = None) -> None:
        super().__init__(sentence)
        self.who = who
        self.when = when


class Gone(DomainError):  # noqa: N818
    """A link or code that was used, has expired or was never given out."""


class TooMany(DomainError):  # noqa: N818
    """Asked too often; `retry_after` seconds it makes sense to ask again."""

    def __init__(self, sentence: str, *, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class Invalid(DomainError):  # noqa: N818
    """An input that is wrong; `problems` lists everything at once, nothing was stored."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(" ".join(problem.sentence for problem in problems))
        self.problems = problems


class PolicyError(Invalid):
    """A policy that names an unknown rule, criterion or parameter, or gives one a value out of range."""
