"""What people answer: believable roles, skewed topics, goals in own words, the same each time."""

import re
from collections import Counter

from seed.people import organisation
from seed.profiles import DUTIES, OFFERED, SOUGHT, sign_ups
from seed.voices import AROUND, OFFERS, PEERS, TOPICS, Phrase

COLLEAGUES = organisation(240, seed=7)
SIGN_UPS = sign_ups(COLLEAGUES, seed=7)


def test_the_same_seed_gives_the_same_answers():
    assert sign_ups(COLLEAGUES, seed=7) == SIGN_UPS


def test_most_colleagues_take_part_but_not_all():
    assert 190 <= len(SIGN_UPS) <= 225


def test_every_role_is_wanted_and_some_people_hold_several():
    roles = Counter(role for one in SIGN_UPS for role in one.roles)

    assert set(roles) == {"mentor", "mentee", "peer"}
    assert min(roles.values()) >= 50
    assert sum(len(one.roles) > 1 for one in SIGN_UPS) >= 30


def test_more_mentoring_is_sought_than_offered_as_nearly_everywhere():
    places = sum(one.capacity for one in SIGN_UPS)
    mentees = sum("mentee" in one.roles for one in SIGN_UPS)

    assert 0.7 * mentees < places < mentees


def test_topics_are_skewed_between_those_who_seek_and_those_who_offer():
    sought = Counter(topic for one in SIGN_UPS for topic in one.topics_sought)
    offered = Counter(topic for one in SIGN_UPS for topic in one.topics_offered)

    assert sought["Working with data"] > 2 * offered["Working with data"]
    assert sought["Writing clearly"] < offered["Writing clearly"]


def test_mentors_offer_topics_and_mentees_seek_them():
    assert all(bool(one.topics_offered) == ("mentor" in one.roles) for one in SIGN_UPS)
    assert all(bool(one.topics_sought) == ("mentee" in one.roles) for one in SIGN_UPS)
    assert all(not set(one.topics_offered) & set(one.topics_sought) for one in SIGN_UPS)
    assert set(SOUGHT) | set(OFFERED) == set(TOPICS)


def test_goals_are_whole_sentences_and_hardly_anybody_writes_the_same():
    goals = Counter(one.goals for one in SIGN_UPS if "mentee" in one.roles)

    assert max(goals.values()) <= 3
    assert len(goals) >= 0.7 * sum(goals.values())


def test_no_sentence_is_left_unfinished_or_filled_with_nonsense():
    said = [one for several in TOPICS.values() for one in several] + [*AROUND, *OFFERS, *PEERS]
    sentences = [one.words if isinstance(one, Phrase) else one for one in said]

    assert len(set(sentences)) == len(sentences)
    assert all(re.fullmatch(r"[A-Z].*[.?]", sentence) for sentence in sentences)
    assert not any(re.search(r"lorem|ipsum|foo|xxx", sentence, re.IGNORECASE) for sentence in sentences)


def test_free_hours_lie_in_the_working_day_of_the_site_on_at_least_three_days():
    for one in SIGN_UPS:
        assert len({day for day, _ in one.hours}) >= 3
        assert {day for day, _ in one.hours} <= set(range(5))
        assert all("07:00" <= start <= "20:00" for _, start in one.hours)


def test_wishes_and_not_withs_are_few_and_never_for_oneself():
    wishing = [one for one in SIGN_UPS if one.wishes]
    refusing = [one for one in SIGN_UPS if one.not_with]

    assert 2 <= len(wishing) <= 25
    assert 2 <= len(refusing) <= 20
    assert all(one.colleague.email not in {*one.wishes, *one.not_with} for one in SIGN_UPS)


def test_most_but_not_all_are_willing_to_facilitate():
    willing = sum("facilitator" not in one.duties_declined for one in SIGN_UPS)

    assert 0.55 * len(SIGN_UPS) < willing < 0.8 * len(SIGN_UPS)
    assert all(set(one.duties_declined) <= set(DUTIES) for one in SIGN_UPS)


def test_only_those_write_of_the_depot_who_work_there():
    of_the_depot = {one.colleague.function for one in SIGN_UPS if "depot" in one.goals}

    assert of_the_depot <= {"Operations", "Data"}
