"""Who works there: names, functions, sites, grades and a tree of managers, the same for the same seed."""

import random
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from seed.places import DOMAIN, FUNCTIONS, LADDER, PYRAMID, SITES

try:
    from faker import Faker
except ModuleNotFoundError as missing:
    raise SystemExit("The demo invents people with Faker: `make demo` installs it.") from missing

MOST_REPORTS = 9
_SPELLED = {
    ord(c): plain for c, plain in zip("äöüßłıø", ("ae", "oe", "ue", "ss", "l", "i", "o"), strict=True)
}


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """One person of the organisation; `grade` is the position on the ladder, `manager` an e-mail address."""

    email: str
    name: str
    function: str
    department: str
    site: str
    zone: str
    grade: int
    languages: tuple[str, ...]
    manager: str | None


def organisation(people: int, *, seed: int) -> tuple[Colleague, ...]:
    """That many colleagues, most senior first within each function; at least 20."""
    if people < 20:
        raise ValueError(f"{people} people; expected 20 or more.")
    chance = random.Random(seed)
    names = _Names(seed)
    colleagues: list[Colleague] = []
    sizes = shares(people, [function.weight for function in FUNCTIONS.values()])
    for function, size in zip(FUNCTIONS, sizes, strict=True):
        colleagues += _function(function, size, chance, names)
    return _with_managers(colleagues, chance)


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers adding up to `total`, as near to the weights as can be (largest remainders)."""
    exact = [total * weight / sum(weights) for weight in weights]
    whole = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (whole[i] - exact[i], i))
    for i in by_remainder[: total - sum(whole)]:
        whole[i] += 1
    return whole


def pick(chance: random.Random, weights: Mapping[str, int]) -> str:
    """One of the keys, by weight."""
    return chance.choices(list(weights), weights=list(weights.values()))[0]


class _Names:
    """Names and addresses nobody else has yet, from one generator a locale."""

    def __init__(self, seed: int) -> None:
        locales = sorted({locale for site in SITES.values() for locale in site.locales})
        self._fakers = {locale: Faker(locale) for locale in locales}
        for place, locale in enumerate(locales):
            self._fakers[locale].seed_instance(seed * 100 + place)
        self._taken: set[str] = set()

    def new(self, locale: str) -> tuple[str, str]:
        """(name, address)"""
        faker = self._fakers[locale]
        while True:
            first, last = faker.first_name(), faker.last_name()
            address = f"{_letters(first)}.{_letters(last)}@{DOMAIN}"
            if address not in self._taken and len(first) > 2 and " " not in first and "-" not in first:
                self._taken.add(address)
                return f"{first} {last}", address


def _letters(name: str) -> str:
    """The name as it stands in an address: plain lower-case letters."""
    spelled = name.lower().translate(_SPELLED)
    return "".join(c for c in unicodedata.normalize("NFKD", spelled) if c.isascii() and c.isalpha())


def _function(name: str, size: int, chance: random.Random, names: _Names) -> list[Colleague]:
    grades = [grade for grade, count in enumerate(shares(size, PYRAMID)) for _ in range(count)]
    if size >= 4:  # even a small function has somebody to lead it
        grades[-1] = max(grades[-1], LADDER.index("Head"))
    return [_colleague(name, grade, chance, names) for grade in reversed(grades)]


def _colleague(function: str, grade: int, chance: random.Random, names: _Names) -> Colleague:
    site = SITES[pick(chance, FUNCTIONS[function].sites)]
    name, email = names.new(pick(chance, site.locales))
    return Colleague(
        email=email,
        name=name,
        function=function,
        department=chance.choice(FUNCTIONS[function].teams),
        site=site.name,
        zone=site.zone,
        grade=grade,
        languages=_languages(site.language, grade, chance),
        manager=None,
    )


def _languages(local: str, grade: int, chance: random.Random) -> tuple[str, ...]:
    spoken = [local]
    # The company speaks English; a few newcomers of some sites do not yet.
    if local != "English" and (grade >= 1 or local == "Hindi" or chance.random() < 0.75):
        spoken.append("English")
    if chance.random() < 0.12:
        spoken.append(chance.choice(["French", "Spanish", "Polish", "Turkish"]))
    return tuple(spoken)


def _with_managers(colleagues: Sequence[Colleague], chance: random.Random) -> tuple[Colleague, ...]:
    """Everyone reports to somebody more senior in their function; the heads report to the first director."""
    top = max(colleagues, key=lambda one: one.grade)
    reports: dict[str, int] = {one.email: 0 for one in colleagues}
    placed: list[Colleague] = []
    for one in colleagues:
        manager = None if one is top else _manager(one, colleagues, reports, chance) or top.email
        if manager is not None:
            reports[manager] += 1
        placed.append(replace(one, manager=manager))
    return tuple(placed)


def _manager(
    one: Colleague, colleagues: Sequence[Colleague], reports: Mapping[str, int], chance: random.Random
) -> str | None:
    above = [
        other
        for other in colleagues
        if other.function == one.function and other.grade > one.grade and other.grade >= 2
    ]

    def distance(other: Colleague) -> tuple[bool, int, bool, int, float]:
        return (
            reports[other.email] >= MOST_REPORTS,
            max(other.grade - one.grade - 1, 0),
            other.department != one.department,
            reports[other.email],
            chance.random(),
        )

    return min(above, key=distance).email if above else None
