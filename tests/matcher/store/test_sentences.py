"""Sentences keep their pattern and values in the database, and old plain ones are still read."""

from sqlalchemy import Column, Integer, MetaData, Table, create_engine, insert, select, text

from matcher.domain.sentences import TranslatableText, say, say_many
from matcher.store.types import Data, Sentence, canonical

ONE = say_many("One mentor fits {name}.", "{count} mentors fit {name}.", 2, name="Ina")


def test_sentences_come_back_from_data_and_from_text() -> None:
    table = Table("t", MetaData(), Column("id", Integer), Column("data", Data), Column("words", Sentence))
    data = {"mentee": ["an old one", ONE], "all": [{"sentence": say("You asked for this."), "points": 3}]}
    engine = create_engine("sqlite://")

    with engine.begin() as connection:
        table.metadata.create_all(connection)
        connection.execute(insert(table).values(id=1, data=data, words=ONE))
        connection.execute(text("""INSERT INTO t VALUES (2, '["an old one"]', 'an old one')"""))
        found = connection.execute(select(table.c.data, table.c.words).order_by(table.c.id)).all()
    engine.dispose()

    assert [tuple(row) for row in found] == [(data, ONE), (["an old one"], "an old one")]
    again = found[0].data["mentee"][1]
    assert [type(again), again.pattern, again.values] == [TranslatableText, ONE.pattern, ONE.values]
    assert found[0].words.plural == ONE.plural


def test_a_hash_sees_what_a_sentence_says_not_how_it_was_made() -> None:
    assert canonical({"words": [ONE]}) == '{"words":["2 mentors fit Ina."]}'
