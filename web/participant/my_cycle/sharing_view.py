"""What my partners see of my answers, part by part, with the words they would read."""

from collections.abc import Collection
from dataclasses import dataclass

from matcher.domain.people import Answers, Person
from matcher.services.groups.sharing import SharedPart
from web.language import _, current


@dataclass(frozen=True, kw_only=True)
class PartView:
    """A part of my answers that partners may see: its name in the form, what it is, and my words."""

    name: str
    label: str
    words: str
    chosen: bool


def parts(answers: Answers | None, me: Person, chosen: Collection[SharedPart]) -> tuple[PartView, ...]:
    """Every part with what a partner would read."""
    topics = (*(answers.topics_offered if answers else ()), *(answers.topics_sought if answers else ()))
    words = {
        SharedPart.GOALS: (_("My goals"), answers.goals if answers else ""),
        SharedPart.TOPICS: (_("The topics I offer and look for"), current().listed(dict.fromkeys(topics))),
        SharedPart.LANGUAGES: (_("My languages"), current().listed(me.languages)),
    }
    return tuple(
        PartView(name=part.name.lower(), label=label, words=said, chosen=part in chosen)
        for part, (label, said) in words.items()
    )
