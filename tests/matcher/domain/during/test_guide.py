"""The session guide: questions for everybody, and some that fit what these people came for."""

from matcher.domain.during.guide import MOST_THEMES, SessionPhase, guide, phase_of
from matcher.domain.during.question_bank import THEMES

LONG = "Vor fünfzig Leuten frei sprechen: einen Vortrag halten, und noch einen, und noch einen"


def texts(chapters, phase):
    return [str(one.text) for chapter in chapters if chapter.phase is phase for one in chapter.questions]


def reasons(chapters):
    return [str(one.because) for one in chapters[0].questions if one.because]


def test_every_pair_gets_questions_for_its_first_middle_and_last_sessions():
    chapters = guide(circle=False)

    assert [chapter.phase for chapter in chapters] == [
        SessionPhase.FIRST,
        SessionPhase.MIDDLE,
        SessionPhase.LAST,
    ]
    assert [len(chapter.questions) for chapter in chapters] == [5, 5, 5]
    assert reasons(chapters) == []


def test_common_topic_brings_its_questions_and_says_so():
    chapters = guide(circle=False, topics=["Leadership"])

    assert "What would your team say has changed in how you lead?" in texts(chapters, SessionPhase.LAST)
    assert reasons(chapters) == ["You came together over “Leadership”."]


def test_goal_is_quoted_and_cut_where_it_is_long():
    chapters = guide(
        circle=True,
        goals=[LONG],
    )

    assert reasons(chapters) == ["You wrote: “Vor fünfzig Leuten frei sprechen: einen Vortrag halten, und…”."]


def test_german_and_english_words_lead_to_the_same_questions():
    assert texts(guide(circle=False, topics=["Führung"]), SessionPhase.FIRST) == texts(
        guide(circle=False, topics=["Leading people"]), SessionPhase.FIRST
    )


def test_what_is_named_most_comes_first_and_three_themes_are_enough():
    topics = ["data science", "career", "leadership", "sales", "machine learning"]

    found = reasons(guide(circle=False, topics=topics))

    assert found[0] == "You came together over “data science”."
    assert len(found) == MOST_THEMES


def test_short_stems_stand_for_whole_words():
    assert reasons(guide(circle=False, goals=["I aim to paint"])) == []
    assert reasons(guide(circle=False, goals=["Understand AI"])) == ["You wrote: “Understand AI”."]


def test_no_question_is_asked_twice():
    every = [str(text) for theme in THEMES for text in (theme.first, theme.middle, theme.last)]
    for circle in (False, True):
        every += [text for phase in SessionPhase for text in texts(guide(circle=circle), phase)]

    assert len(set(every)) == len(every)


def test_first_and_last_sessions_have_their_own_questions():
    assert [phase_of(session, 3) for session in (1, 2, 3)] == [
        SessionPhase.FIRST,
        SessionPhase.MIDDLE,
        SessionPhase.LAST,
    ]
    assert phase_of(1, 1) is SessionPhase.FIRST
