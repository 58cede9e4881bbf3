"""The cycles of the demo: two that are over and the present one, with their dates and who signed up."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from seed.people import Colleague
from seed.profiles import ProfileAnswers, sign_ups

PROGRAMME = "Larkfield Mentoring"
SLUG = "mentoring"
SHARES = (0.42, 0.6, 0.9)
"""Of those who could, how many took part: the programme became known."""


@dataclass(frozen=True, kw_only=True)
class CycleStory:
    """One cycle: its days, and the answers people gave."""

    name: str
    opens_on: date
    closes_on: date
    publishes_on: date
    starts_on: date
    ends_on: date
    sign_ups: tuple[ProfileAnswers, ...]

    def at(self, day: date, hour: int = 9) -> datetime:
        """That hour of a day of the story, in UTC."""
        return datetime.combine(day, time(hour), UTC)


def organiser_of(colleagues: Sequence[Colleague]) -> Colleague:
    """Who runs the programme: the most senior of the People function. Takes no part, for the sake of all."""
    return max((one for one in colleagues if one.function == "People"), key=lambda one: one.grade)


def handlers_of(colleagues: Sequence[Colleague]) -> tuple[Colleague, ...]:
    """Whom people can ask for help: the two most senior who neither organise nor stand at the very top."""
    organiser = organiser_of(colleagues)
    able = [one for one in colleagues if one is not organiser and one.manager is not None]
    return tuple(sorted(able, key=lambda one: (-one.grade, one.email))[:2])


def cycles(colleagues: Sequence[Colleague], *, today: date, seed: int) -> tuple[CycleStory, ...]:
    """Two finished cycles, half a year and a year ago, and the present one, whose sign-ups end today."""
    organiser = organiser_of(colleagues)
    able = [one for one in colleagues if one is not organiser]
    stories = []
    for place, share in enumerate(SHARES):
        ago = len(SHARES) - 1 - place
        chance = random.Random(seed * 10 + place)
        # Those who joined since could not have been there.
        there = [one for one in able if ago == 0 or chance.random() < 0.95 - 0.1 * ago]
        answers = sign_ups(there, seed=seed * 10 + place, share=share)
        stories.append(_cycle(today - timedelta(weeks=26 * ago), answers))
    return tuple(stories)


def _cycle(closes_on: date, answers: tuple[ProfileAnswers, ...]) -> CycleStory:
    starts_on = closes_on + timedelta(days=7 - closes_on.weekday() + 7)
    return CycleStory(
        name=f"{season(starts_on)} {starts_on.year}",
        opens_on=closes_on - timedelta(days=21),
        closes_on=closes_on,
        publishes_on=closes_on,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(weeks=12, days=-3),
        sign_ups=answers,
    )


def season(day: date) -> str:
    """Spring from March on, summer from June, autumn from September, winter from December."""
    return ("Winter", "Spring", "Summer", "Autumn")[day.month % 12 // 3]
