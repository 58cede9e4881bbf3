"""What mails call a cycle, and what its programme says at their head."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from matcher.domain.own_words import NONE, OwnWords
from matcher.translations.catalogue import LANGUAGES


@dataclass(frozen=True, kw_only=True)
class CycleWords:
    """What mails call the cycle: its programme's name, its own name, and the slug of its page.

    own: the programme's own words by template and language.
    """

    programme: str
    cycle: str
    slug: str
    own: Mapping[tuple[str, str], OwnWords] = field(default_factory=dict)

    def own_words(self, template: str, language: str) -> OwnWords:
        """For this mail in this language; where that has none, in the first language that has some."""
        asked = ((template, known) for known in (language, *LANGUAGES))
        return next((self.own[each] for each in asked if each in self.own), NONE)
