"""Words of lists that have their translations elsewhere: our topics in their own file, languages in CLDR."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files

from babel import Locale

from matcher.domain.people import key

TOPICS = "topics.toml"


def terms(language: str) -> Mapping[str, str]:
    """What this language calls each topic of our list and each language, by `key` of the English word."""
    if language == "en":
        return {}
    english, other = Locale.parse("en").languages, Locale.parse(language).languages
    spoken = {key(name): other[code] for code, name in english.items() if code in other}
    # The list belongs to the services above; its words are data and need none of their code.
    content = tomllib.loads(files("matcher.services.programme").joinpath(TOPICS).read_text("utf-8"))
    topics = {
        key(name): said
        for group in content["group"]
        for name, said in ((group["name"], group.get(language)), *group["topics"].items())
        if isinstance(said, str)
    }
    return {**spoken, **topics}
