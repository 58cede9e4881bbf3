"""Words for people: levels, reasons, why nobody; nothing betrays who asked not to meet whom."""

from uuid import uuid4

import pytest

from matcher.domain.facts import Facts, couple, facts_of
from matcher.domain.matching import explain
from matcher.domain.policy.policy import CriterionUse
from solver.circles.problem import REASONS
from tests.builders import a_policy, mentee, mentor


@pytest.mark.parametrize(
    ("points", "word"),
    [
        (0, "weak"),
        (2249, "weak"),
        (2250, "fair"),
        (4499, "fair"),
        (4500, "adequate"),
        (6333, "adequate"),
        (6334, "good"),
        (8166, "good"),
        (8167, "very good"),
        (10_000, "very good"),
    ],
)
def test_levels_have_words(points: int, word: str) -> None:
    assert explain.fit_word(points, a_policy(line=450)) == word


def test_reasons_add_up_and_name_what_is_shared() -> None:
    ada, grace = mentee(), mentor(person={"name": "Grace", "function": "Finance"})
    policy = a_policy(
        criteria=[CriterionUse(name="topics", weight=3), CriterionUse(name="cross_functional", weight=1)]
    )

    reasons = explain.why(policy, grace, ada, facts_of([ada, grace]))

    assert [(one.criterion, one.points, one.most, one.sentence) for one in reasons] == [
        ("topics", 7500, 7500, "Sought and offered: leadership."),
        ("cross_functional", 2500, 2500, "Different functions: Finance and Engineering."),
    ]


def test_who_asked_not_to_meet_stays_untold() -> None:
    ada, grace, alan = mentee(), mentor(), mentor()
    policy = a_policy(rules=("not_blocked", "reporting_line"))
    blocked = Facts(blocked=frozenset({couple(ada.id, grace.id)}), managers={ada.id: alan.id})
    in_line = Facts(managers={ada.id: alan.id, alan.id: grace.id})

    told = [explain.why_no_mentor(policy, ada, [grace, alan], facts) for facts in (blocked, in_line)]

    assert told[0] == told[1]
    assert told[0][2] == "2 – cannot be paired with you for other reasons."


def test_taken_places_are_told() -> None:
    ada = mentee()
    told = explain.why_no_mentor(a_policy(credits=False), ada, [mentor(), mentor()], Facts())

    assert told == (
        "There is no mentor for you yet.",
        "2 mentors fit you, but every place is taken.",
        "One more place with any of them, or one more mentor like them, would place you.",
    )
    assert explain.why_no_mentor(a_policy(), ada, [], Facts())[1] == "Nobody signed up as a mentor this time."


def test_own_wish_is_mine_to_read_and_nobody_elses() -> None:
    grace = mentor()
    ada = mentee(wishes=(grace.id, uuid4()))
    policy = a_policy(
        criteria=[CriterionUse(name="wishes", weight=1), CriterionUse(name="same_site", weight=1)]
    )
    reasons = explain.why(policy, grace, ada, Facts())

    assert explain.own_side(reasons, ada, grace) == ("Both work at the same site.", "You asked for this.")
    assert explain.own_side(reasons, grace, ada) == ("Both work at the same site.",)
    assert [one.criterion for one in explain.open_reasons(reasons)] == ["same_site"]


def test_every_reason_the_solver_gives_peers_has_words() -> None:
    assert set(explain.PEER_REASONS) == set(REASONS)


def test_the_points_of_a_level_are_those_that_read_as_it() -> None:
    policy = a_policy(line=450)

    spans = {word: explain.points_of(word, policy) for word in explain.FIT_WORDS}

    assert spans == {
        "weak": (0, 2250),
        "fair": (2250, 4500),
        "adequate": (4500, 6334),
        "good": (6334, 8167),
        "very good": (8167, None),
    }
