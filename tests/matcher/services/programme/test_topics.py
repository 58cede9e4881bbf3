"""The list of topics: whole, in two languages, narrowed where a programme names its own."""

from matcher.domain.people import MOST_TOPICS, key
from matcher.schemas.fields import LineField
from matcher.services.programme import topics


def every_topic() -> list[topics.Name]:
    return [topic for group in topics.groups() for topic in group.topics]


def test_about_three_hundred_topics_in_about_twenty_subjects_each_once_in_both_languages():
    names = [key(topic.name) for topic in every_topic()]
    german = [key(topic.in_language("de")) for topic in every_topic()]

    assert (len(topics.groups()), len(names)) == (21, 300)
    assert len(set(names)) == len(set(german)) == len(names)
    assert min(len(group.topics) for group in topics.groups()) > MOST_TOPICS // 3


def test_every_topic_fits_its_field():
    for topic in every_topic():
        assert LineField(most=60).deserialize(topic.name) == topic.name


def test_a_topic_is_shown_in_the_readers_language_and_own_words_as_they_are():
    assert topics.name_in("de", "accounting") == "Buchhaltung"
    assert topics.name_in("en", "Accounting") == "Accounting"
    assert topics.name_in("de", "Bread baking") == "Bread baking"


def test_a_topic_typed_in_any_language_is_stored_as_one():
    assert [topics.stored_as(word) for word in ("buchhaltung", " ACCOUNTING", "Brot backen")] == [
        "Accounting",
        "Accounting",
        "Brot backen",
    ]


def test_a_programme_with_topics_of_its_own_offers_those_alone():
    (group,) = topics.offered(("Accounting", "Our own method"))

    assert group.title is None
    assert [topic.in_language("de") for topic in group.topics] == ["Buchhaltung", "Our own method"]
    assert topics.offered(()) == topics.groups()
