"""Columns find their answers: by headers in two languages, by what stands in them, by what was saved."""

import pytest

from matcher.schemas.mapping import mapping_from
from matcher.services.imports import saved_mappings
from matcher.services.imports.columns import (
    ColumnChoice,
    columns_of,
    from_mapping,
    guessed,
    mapping_data,
    recognised,
)
from matcher.services.imports.files import SourceFile, read
from matcher.services.imports.uploads import opened

GERMAN = (
    "Vorname;Nachname;E-Mail (dienstlich);Abteilung;Stufe;Rolle;Ich biete;Sprachen;Würde moderieren;Nr.\n"
    "Lena;Brandt;lena@example.org;Einkauf;Senior;Mentorin;Daten, Führung;Deutsch, Englisch;ja;17\n"
    "Tom;Ruf;tom@example.org;Vertrieb;Junior;beides;;Deutsch;nein;18\n"
)


def a_table(text, name="people.csv"):
    return opened(SourceFile(name=name, data=text.encode()))


def as_mapping(table, chosen):
    return mapping_from(mapping_data("Ours", {"people": (table.header, chosen)}))


def test_german_headers_are_understood_and_the_file_is_read_by_them():
    table = a_table(GERMAN)
    chosen = guessed(columns_of(table))

    result = read([SourceFile(name="people.csv", data=GERMAN.encode())], as_mapping(table, chosen))

    assert [choice.name for choice in chosen.choices] == [
        "name",
        "name",
        "email",
        "department",
        "grade",
        "roles",
        "topics_offered",
        "languages",
        "facilitates",
        "",
    ]
    assert result.problems == ()
    lena, tom = result.rows
    assert (lena.name, lena.grade, lena.roles, lena.topics_offered) == (
        "Lena Brandt",
        1,
        ("mentor",),
        ("Daten", "Führung"),
    )
    assert (tom.grade, tom.roles, tom.facilitates, tom.languages) == (
        0,
        ("mentor", "mentee"),
        False,
        ("Deutsch",),
    )


def test_columns_without_a_known_header_are_known_by_what_stands_in_them():
    table = a_table("Spalte 1,who,wo\nlena@example.org,Mentor,Europe/Berlin\n")

    assert [one.name for one in guessed(columns_of(table)).choices] == ["email", "roles", "zone"]


def test_a_full_name_wins_over_its_parts_and_an_address_is_taken_once():
    table = a_table(
        "Name,Vorname,Nachname,Mail,E-Mail\nLena Brandt,Lena,Brandt,l@example.org,x@example.org\n"
    )

    assert [one.name for one in guessed(columns_of(table)).choices] == ["name", "", "", "email", ""]


def test_words_nobody_knows_are_left_to_be_settled():
    table = a_table("email,name,role\na@example.org,A,Guide\nb@example.org,B,Mentee\n")

    assert guessed(columns_of(table)).choices[2] == ColumnChoice(
        name="roles", split=",", values={"Guide": "", "Mentee": "mentee"}
    )


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_a_file_in_words_nobody_knows_is_still_cut_into_columns(sign):
    assert a_table(f"was{sign}wer\n1{sign}2\n").header == ("was", "wer")


def test_what_was_chosen_is_the_same_after_it_was_kept():
    table = a_table(GERMAN)
    chosen = guessed(columns_of(table))

    assert from_mapping(as_mapping(table, chosen).files[0], table.header) == chosen


def test_the_templates_headers_are_recognised_and_others_are_not():
    plain = a_table("email,name,roles,topics sought\na@example.org,A,mentee,data\n")
    other = a_table("email,name,shoe size\na@example.org,A,42\n")

    found = recognised(plain, "people", saved_mappings.ours())

    assert found is not None
    assert found[0] == "A plain list"
    assert recognised(other, "people", saved_mappings.ours()) is None
