"""The topics people choose from: our own list in groups, narrowed where a programme names its own."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from matcher.domain.people import key

SOURCE = "en"
WHERE = "topics.toml"


@dataclass(frozen=True, kw_only=True)
class Name:
    """A word of the list: what is stored, and how other languages say it."""

    name: str
    said: Mapping[str, str]

    def in_language(self, language: str) -> str:
        """The word in this language, else as it is stored."""
        return self.said.get(language, self.name)


@dataclass(frozen=True, kw_only=True)
class TopicGroup:
    """Topics that belong together, in the order of the list. Without a name: a programme's own words."""

    title: Name | None
    topics: tuple[Name, ...]


@cache
def groups() -> tuple[TopicGroup, ...]:
    """The whole list."""
    content = tomllib.loads(files("matcher.services.programme").joinpath(WHERE).read_text(encoding="utf-8"))
    return tuple(
        TopicGroup(
            title=Name(name=group["name"], said={"de": group["de"]}),
            topics=tuple(Name(name=name, said={"de": german}) for name, german in group["topics"].items()),
        )
        for group in content["group"]
    )


@cache
def known() -> Mapping[str, Name]:
    """Every topic of the list by `key`."""
    return {key(topic.name): topic for group in groups() for topic in group.topics}


def offered(own: Iterable[str]) -> tuple[TopicGroup, ...]:
    """What a programme offers: its own topics if it names any, in one group, else the whole list."""
    words = tuple(own)
    if not words:
        return groups()
    return (TopicGroup(title=None, topics=tuple(known().get(key(one), plain(one)) for one in words)),)


def plain(word: str) -> Name:
    """Somebody's own word, the same in every language."""
    return Name(name=word, said={})


def name_in(language: str, topic: str) -> str:
    """A stored topic as this language says it; own words stay as they are."""
    return known().get(key(topic), plain(topic)).in_language(language)


def stored_as(typed: str) -> str:
    """A typed topic as the list writes it, in whichever language it was typed; own words stay as they are."""
    return _by_any_name().get(key(typed), typed)


@cache
def _by_any_name() -> Mapping[str, str]:
    by_name = {key(word): topic.name for topic in known().values() for word in topic.said.values()}
    return {**by_name, **{at: topic.name for at, topic in known().items()}}
