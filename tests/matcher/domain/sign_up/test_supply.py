"""Supply and demand: who seeks and who offers, by topic, function, language and hours."""

from matcher.domain.people import Role
from matcher.domain.sign_up.supply import Gap, SignedUp, by_function, by_hours, by_language, by_topic

MONDAY_NINE = 18
"""The half-hour of the UTC week that begins on Monday at nine."""


def somebody(*roles: Role, places: int = 1, **said) -> SignedUp:
    defaults = {
        "offered": (),
        "sought": (),
        "function": "Finance",
        "languages": ("English",),
        "bits": 0b11 << MONDAY_NINE,
    }
    return SignedUp(roles=frozenset(roles), places=places, **{**defaults, **said})


def test_largest_shortage_comes_first_and_words_are_compared_without_case():
    people = [
        somebody(Role.MENTEE, sought=("Data", "Hiring")),
        somebody(Role.MENTEE, sought=("data",)),
        somebody(Role.MENTOR, places=3, offered=("DATA", "Law")),
        somebody(Role.MENTOR, places=0, offered=("Hiring",)),
    ]

    assert by_topic(people) == (
        Gap(name="Hiring", mentees=1, places=0),
        Gap(name="Data", mentees=2, places=3),
        Gap(name="Law", mentees=0, places=3),
    )


def test_functions_and_languages_count_mentees_and_places():
    people = [
        somebody(Role.MENTEE, Role.MENTOR, places=2),
        somebody(Role.PEER, function="", languages=("German",)),
    ]

    assert by_function(people) == (Gap(name="Finance", mentees=1, places=2),)
    assert by_language(people) == (Gap(name="English", mentees=1, places=2),)


def test_hours_are_those_of_the_readers_clock_and_hold_a_whole_session():
    people = [somebody(Role.MENTEE), somebody(Role.MENTOR, places=2, bits=1 << MONDAY_NINE)]

    found = {(one.day, one.part): one for one in by_hours(people, minutes=60, ahead=0)}
    later = {(one.day, one.part): one for one in by_hours(people, minutes=30, ahead=6)}

    assert [key for key, one in found.items() if one.mentees or one.places] == [(0, 1)]
    assert (found[0, 1].mentees, found[0, 1].places) == (1, 0)
    assert (later[0, 2].mentees, later[0, 2].places) == (1, 2)
