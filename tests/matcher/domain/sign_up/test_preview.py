"""What the form tells of who is there: rounded, useful, and nothing about one person."""

import pytest

from matcher.domain.people import Role
from matcher.domain.sign_up.preview import MeetingTerms, SignedUpAnswers, outlook

MINUTES = MeetingTerms(minutes=60, smallest=4)
MONDAY_9 = 0b11 << 18
TUESDAY_9 = 0b11 << (48 + 18)


def somebody(*roles: Role, bits: int = MONDAY_9, **said: object) -> SignedUpAnswers:
    usual = {
        "places": 1,
        "offered": frozenset({"data"}),
        "sought": frozenset({"data"}),
        "languages": frozenset({"english"}),
    }
    return SignedUpAnswers(roles=frozenset(roles), bits=bits, **{**usual, **said})  # type: ignore[arg-type]  # as named


MENTEE, MENTOR, PEER = somebody(Role.MENTEE), somebody(Role.MENTOR), somebody(Role.PEER)


@pytest.mark.parametrize(
    ("mentors", "sentence"),
    [
        (0, "Nobody offers one of your topics yet. One or two wider topics would help."),
        (1, "A few mentors offer your topics so far."),
        (4, "A few mentors offer your topics so far."),
        (5, "At least 5 mentors offer one or more of your topics."),
        (9, "At least 5 mentors offer one or more of your topics."),
        (10, "At least 10 mentors offer one or more of your topics."),
    ],
)
def test_counts_are_rounded_to_what_betrays_nobody(mentors, sentence):
    assert outlook(MENTEE, [MENTOR] * mentors, MINUTES)[0] == sentence


def test_a_group_under_five_is_looked_into_no_further():
    apart = [
        outlook(MENTEE, [somebody(Role.MENTOR, bits=bits)] * 4, MINUTES) for bits in (MONDAY_9, TUESDAY_9)
    ]

    assert apart[0] == apart[1]
    assert len(apart[0]) == 1


def test_few_with_the_topic_are_judged_by_everybodys_hours():
    others = [MENTOR] * 2 + [somebody(Role.MENTOR, offered=frozenset(), bits=TUESDAY_9)] * 6

    assert outlook(MENTEE, others, MINUTES) == (
        "A few mentors offer your topics so far.",
        "Only a few mentors are free when you are. More hours would help.",
        "Many of them are free on Tuesday between 9:00 and 12:00.",
    )


def test_nobody_at_these_hours_is_said_with_when_they_are_free_on_ones_own_clock():
    two_ahead = MeetingTerms(minutes=60, ahead=4)
    asleep = somebody(Role.MENTEE, bits=0b11 << 6)

    assert outlook(asleep, [somebody(Role.MENTOR, bits=TUESDAY_9)] * 6, two_ahead)[1:] == (
        "No mentor is free when you are and speaks one of your languages yet. More hours would help.",
        "Many of them are free on Tuesday between 9:00 and 12:00.",
    )


def test_an_hour_shared_without_a_language_is_no_hour():
    others = [somebody(Role.MENTOR, languages=frozenset({"french"}))] * 6

    assert outlook(MENTEE, others, MINUTES)[1].startswith("No mentor is free when you are")


def test_mentors_without_a_place_do_not_count():
    assert outlook(MENTEE, [somebody(Role.MENTOR, places=0)] * 9, MINUTES)[0].startswith("Nobody offers")


def test_each_role_hears_its_own():
    everybody = somebody(Role.MENTEE, Role.MENTOR, Role.PEER)

    told = outlook(everybody, [everybody] * 12, MINUTES)

    assert told == (
        "At least 10 mentors offer one or more of your topics.",
        "At least 10 of the mentors who come into question are free when you are.",
        "At least 10 people look for one or more of your topics.",
        "At least 10 of the mentees who come into question are free when you are.",
        "At least 10 others have signed up for circles.",
        "At least 10 of them are free when you are.",
    )


def test_two_others_at_ones_hours_are_no_circle_yet():
    others = [PEER] * 2 + [somebody(Role.PEER, bits=TUESDAY_9)] * 6

    assert outlook(PEER, others, MINUTES)[1] == (
        "There is no hour yet at which a circle could meet with you. More hours would help."
    )


def test_what_is_not_said_yet_is_not_judged():
    assert outlook(somebody(Role.MENTEE, sought=frozenset()), [MENTOR] * 9, MINUTES) == ()
    assert len(outlook(somebody(Role.MENTEE, bits=0), [MENTOR] * 9, MINUTES)) == 1
