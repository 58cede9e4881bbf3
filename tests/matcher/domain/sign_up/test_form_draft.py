"""Two windows on one form: what was saved last stands, what differs is kept beside it."""

from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.sign_up.form_draft import MOST_OTHERS, Typed, as_one

TEXTS = st.dictionaries(st.sampled_from("abc"), st.lists(st.text("xyz ", max_size=3), max_size=3), max_size=3)


@given(st.lists(TEXTS, min_size=2, max_size=MOST_OTHERS))
def test_nothing_said_is_lost_whichever_window_saves_last(windows):
    stand = Typed(texts=windows[0], window="0")
    for number, texts in enumerate(windows[1:], start=1):
        stand = Typed(texts=texts, window=str(number)).over(stand)

    for texts in windows:
        for name, said in texts.items():
            kept = {as_one(sorted(said.split(", "))) for said in stand.others.get(name, ())}
            assert as_one(sorted(as_one(said).split(", "))) in {
                as_one(sorted(as_one(stand.texts.get(name, [])).split(", "))),
                *kept,
            }


def test_the_same_answers_in_another_order_are_no_news():
    before = Typed(texts={"topics": ["data", "sql"], "goals": ["a\r\nb"]}, window="one")

    after = Typed(texts={"topics": ["sql", "data"], "goals": ["a\nb "]}, window="two").over(before)

    assert after.others == {}


def test_typing_on_keeps_what_came_from_elsewhere():
    before = Typed(texts={"goals": ["a"]}, others={"goals": ("b",)}, window="one")

    after = Typed(texts={"goals": ["ac"]}, window="one").after(before)

    assert (after.texts, after.others) == ({"goals": ["ac"]}, {"goals": ("b",)})
