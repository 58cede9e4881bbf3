"""Each base field accepts what it should and says what is wrong with the rest."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from marshmallow import ValidationError

from matcher.schemas.fields import (
    DateField,
    LineField,
    MailAddress,
    OpaqueId,
    PersonName,
    Prose,
    WholeNumber,
    Words,
    YesNo,
    Zone,
    is_blank,
    is_plain,
    letters,
    nearest_zones,
)

AN_ID = "7d444840-9dc0-41d1-b245-5ffdce74fad2"


def said(field: Any, value: object) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        field.deserialize(value)
    return list(refused.value.messages)


@pytest.mark.parametrize(
    "name", ["Ada", "李", "O’Neill", "<script>", "{{7*7}}", "=HYPERLINK(1)", "+1", "Zoë"]
)
def test_a_name_may_be_whatever_people_are_called(name):
    assert PersonName().deserialize(f"  {name} ") == name


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "\u3164"])
def test_a_name_that_cannot_be_seen_is_no_name(name):
    assert said(PersonName(), name) == ["Enter a name."]


@pytest.mark.parametrize("breaker", ["\r", "\n", "\x0b", "\x85", "\x1b", "\x00"])
def test_a_name_holds_no_control_character(breaker):
    assert said(PersonName(), f"A{breaker}B") == ["Character 2 is a control character. Remove it."]


def test_a_name_holds_no_line_separator_and_no_lone_surrogate():
    separated = said(PersonName(), "A\u2028B")
    halved = said(PersonName(), "A\ud800")

    assert separated == ["Character 2 breaks the line or turns its direction. Remove it."]
    assert halved == ["Character 2 is not valid Unicode."]


def test_a_name_is_not_read_as_code_by_a_mail_header():
    assert said(PersonName(), "=?utf-8?q?=0aBcc:x?=") == ["“=?…?=” is not allowed in a name."]


def test_length_counts_letters_as_people_do():
    assert letters("e\u0301\u0301") == 1
    assert LineField(most=2).deserialize("e\u0301e\u0301") == "éé"
    assert said(LineField(most=2), "abc") == ["That is 3 letters long; at most 2 fit here."]


def test_a_letter_carries_four_marks_at_most():
    assert LineField().deserialize("a" + "\u0323" * 4)
    assert said(LineField(), "a" + "\u0323" * 200) == [
        "A letter carries more than 4 marks. Write it more plainly."
    ]


def test_prose_keeps_its_lines_and_may_be_left_empty():
    assert Prose().deserialize("one\r\ntwo\tthree ") == "one\ntwo\tthree"
    assert Prose().deserialize("\n\n") == ""
    assert said(Prose(most=5), "a" * 1_000_000) == ["That is 1,000,000 letters long; at most 5 fit here."]


@pytest.mark.parametrize(
    ("written", "meant"), [(" Ada@X.Example ", "Ada@x.example"), ("a+1@x.org", "a+1@x.org")]
)
def test_an_address_is_kept_but_for_the_case_of_its_domain(written, meant):
    assert MailAddress().deserialize(written) == meant


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("ada", "An e-mail address has exactly one “@”, as in ada@example.org."),
        ("a@b@x.org", "An e-mail address has exactly one “@”, as in ada@example.org."),
        ("a@x..org", "“x..org” is not a mail domain. Use your company address."),
        ("a@b", "“b” is not a mail domain. Use your company address."),
        ("a@localhost", "“localhost” is not a mail domain. Use your company address."),
        ("a@[127.0.0.1]", "“[127.0.0.1]” is not a mail domain. Use your company address."),
        ("a b@x.org", "The part before the “@”, “a b”, cannot be right."),
        (".a@x.org", "The part before the “@”, “.a”, cannot be right."),
    ],
)
def test_an_address_that_is_none_is_told_which_part_is_wrong(address, sentence):
    assert said(MailAddress(), address) == [sentence]


@pytest.mark.parametrize("value", [-1, 21, 0.5, True, "3", 10**9, None, float("nan")])
def test_a_whole_number_is_never_converted(value):
    assert said(WholeNumber(least=0, most=20), value) == ["Enter a whole number from 0 to 20."]


def test_yes_or_no_is_a_truth_value():
    assert YesNo().deserialize(True) is True
    assert said(YesNo(), "yes") == ["Answer yes or no."]


@pytest.mark.parametrize("day", ["2026-W01-1", "20260101", "01/02/2026", "٢٠٢٦-٠١-٠١", 1735689600])
def test_a_date_is_written_in_one_way(day):
    assert said(DateField(), day) == ["Write the date as YYYY-MM-DD, for example 2027-03-12."]


def test_a_date_is_in_the_calendar_and_in_our_time():
    assert DateField().deserialize("2027-03-12") == date(2027, 3, 12)
    assert said(DateField(), "2027-02-30") == ["2027-02-30 is not in the calendar."]
    assert said(DateField(), "0001-01-01") == ["Use a year from 2000 to 2100."]


@pytest.mark.parametrize("written", ["abc", "1", AN_ID.upper(), f"{{{AN_ID}}}", 7])
def test_an_id_has_one_form(written):
    assert OpaqueId().deserialize(AN_ID) == UUID(AN_ID)
    assert said(OpaqueId(), written) == ["This is not one of our ids. Go back and open the page anew."]


def test_a_zone_is_on_the_list_and_a_near_miss_is_told():
    assert Zone().deserialize("Europe/Berlin") == "Europe/Berlin"
    assert said(Zone(), "europe/berlin") == ["This is not a time zone we know. Did you mean Europe/Berlin?"]


@pytest.mark.parametrize("zone", ["GMT+5", "EST", "", "../../x", "A" * 300])
def test_a_zone_that_is_none_is_refused(zone):
    assert said(Zone(), zone)[0].startswith("This is not a time zone we know.")


def test_a_city_alone_finds_its_zone():
    assert nearest_zones("nairobi") == ["Africa/Nairobi"]


def test_words_equal_by_case_are_merged_and_limited():
    assert Words(most=2).deserialize(["SQL", "sql", "Data "]) == ("SQL", "Data")
    assert said(Words(most=2), ["a", "b", "c"]) == ["You chose 3; choose at most 2."]


def test_what_is_taken_as_plain_needs_no_closer_look() -> None:
    plain = [character for character in map(chr, range(0x250)) if is_plain(character)]

    assert plain == [chr(code) for code in range(0x20, 0x7F)]
    assert [letters(character) for character in plain] == [1] * len(plain)
    assert [character for character in plain if is_blank(character)] == [" "]
    assert (is_plain(""), is_blank(""), letters("")) == (True, True, 0)
