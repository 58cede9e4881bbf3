"""A form as typed so far, and what happens when the same form was typed into somewhere else meanwhile."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Texts = Mapping[str, list[str]]
"""Field → the texts it was sent with; a field that is missing is empty."""

MOST_OTHERS = 3
"""Texts from elsewhere that are kept for one field."""


@dataclass(frozen=True, kw_only=True)
class Typed:
    """texts: what stands in the form. others: for each field what was typed elsewhere and differs, the newest
    last: kept until the person has dealt with it. window: a random word for where it was typed."""

    texts: Texts = field(default_factory=dict)
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    window: str = ""

    def over(self, before: "Typed") -> "Typed":
        """These texts in place of those of another window, which are kept beside them where they differ."""
        found = {name: as_one(before.texts.get(name, [])) for name in self.news_in(before)}
        return Typed(texts=self.texts, others=_with(before.others, found), window=self.window)

    def after(self, before: "Typed") -> "Typed":
        """These texts, typed on from what was there: what is kept beside them stays."""
        return Typed(texts=self.texts, others=before.others, window=self.window)

    def news_in(self, before: "Typed") -> list[str]:
        """The fields in which these texts differ from those."""
        return [name for name in {**self.texts, **before.texts} if self._differs(before, name)]

    def _differs(self, before: "Typed", name: str) -> bool:
        return sorted(said(self.texts.get(name))) != sorted(said(before.texts.get(name)))


def said(texts: Iterable[str] | None) -> list[str]:
    """The texts that say something, with line ends as one kind."""
    return [text.replace("\r\n", "\n").strip() for text in texts or () if text.strip()]


def as_one(texts: Iterable[str]) -> str:
    """The texts of one field as one text."""
    return ", ".join(said(texts))


def _with(others: Mapping[str, tuple[str, ...]], found: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    kept = dict(others)
    for name, text in found.items():
        before = tuple(one for one in kept.get(name, ()) if one != text)
        kept[name] = (*before, text)[-MOST_OTHERS:]
    return kept
