"""The invitation lands in the right hour of each calendar, and stays there when clocks change."""

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import icalendar
import pytest

from matcher.domain.people import Week
from matcher.mail.ics import Attendee, first_shared_start, invitation
from matcher.mail.value import CannotBeWritten
from tests.matcher.mail.letters import INA, LINKS, RAVI, START, TUESDAY_MORNING, series

BERLIN = ZoneInfo("Europe/Berlin")


def event(data: bytes) -> icalendar.Event:
    return next(iter(icalendar.Calendar.from_ical(data).walk("VEVENT")))


def test_series_keeps_the_local_hour_over_the_change_of_clocks() -> None:
    starts = series(INA, RAVI).starts()

    assert [f"{start:%d %b %H:%M %z}" for start in starts] == [
        "06 Oct 10:00 +0200",
        "20 Oct 10:00 +0200",
        "03 Nov 10:00 +0100",
        "17 Nov 10:00 +0100",
        "01 Dec 10:00 +0100",
        "15 Dec 10:00 +0100",
    ]


def test_calendar_says_the_same_series() -> None:
    found = event(invitation(series(INA, RAVI)))

    assert found["DTSTART"].dt == datetime(2026, 10, 6, 10, tzinfo=BERLIN)
    assert found["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert dict(found["RRULE"]) == {"FREQ": ["WEEKLY"], "COUNT": [6], "INTERVAL": [2]}
    assert str(found["UID"]) == f"{UUID(int=77)}@river.example"
    assert int(found["SEQUENCE"]) == 0
    assert [str(each) for each in found["ATTENDEE"]] == [
        "mailto:ina@river.example",
        "mailto:ravi@river.example",
    ]
    assert str(found["ORGANIZER"]) == "mailto:mentoring@river.example"


def test_calendar_asks_or_takes_back() -> None:
    asking, taking = (
        icalendar.Calendar.from_ical(invitation(series(INA, RAVI), cancel=cancel)) for cancel in (False, True)
    )

    assert (str(asking["METHOD"]), str(taking["METHOD"])) == ("REQUEST", "CANCEL")
    assert str(event(taking.to_ical())["STATUS"]) == "CANCELLED"


def test_time_zone_is_told_in_few_lines() -> None:
    data = invitation(series(INA, RAVI))

    zone = data[data.index(b"BEGIN:VTIMEZONE") : data.index(b"END:VTIMEZONE")]

    assert len(zone) < 700
    assert b"TZID:Europe/Berlin" in zone


def test_a_single_session_is_no_series() -> None:
    assert "RRULE" not in event(invitation(series(INA, RAVI, sessions=1)))


def test_first_session_is_the_first_hour_all_are_free() -> None:
    later = Week.from_local([(1, "10:30"), (1, "11:00")], "Europe/Berlin", START)

    start = first_shared_start([TUESDAY_MORNING, later], "Asia/Kolkata", on=START, minutes=60)

    assert start == datetime(2026, 10, 6, 14, 0, tzinfo=ZoneInfo("Asia/Kolkata"))


def test_first_session_is_not_before_the_first_day() -> None:
    start = first_shared_start([TUESDAY_MORNING], "Europe/Berlin", on=date(2026, 10, 7), minutes=60)

    assert start == datetime(2026, 10, 13, 10, 0, tzinfo=BERLIN)


def test_monday_morning_in_the_far_east_is_found_in_its_own_week() -> None:
    monday = Week.from_local([(0, "09:00"), (0, "09:30")], "Pacific/Auckland", START)

    start = first_shared_start([monday], "Pacific/Auckland", on=START, minutes=60)

    assert start == datetime(2026, 10, 5, 9, 0, tzinfo=ZoneInfo("Pacific/Auckland"))


def test_no_session_where_no_hour_is_shared() -> None:
    evening = Week.from_local([(4, "18:00")], "Europe/Berlin", START)

    assert first_shared_start([TUESDAY_MORNING, evening], "Europe/Berlin", on=START, minutes=60) is None
    assert first_shared_start([TUESDAY_MORNING], "Europe/Berlin", on=START, minutes=120) is None


def test_names_cannot_write_lines_of_the_calendar() -> None:
    with pytest.raises(CannotBeWritten):
        Attendee(name="Ina\r\nATTENDEE:mailto:eve@evil.example", address="ina@river.example")


def test_text_of_the_description_stays_text() -> None:
    made = series(INA, RAVI)
    object.__setattr__(made, "description", "one\r\nATTENDEE:mailto:eve@evil.example\rtwo;three")

    found = event(invitation(made))

    assert [str(each) for each in found["ATTENDEE"]] == [
        "mailto:ina@river.example",
        "mailto:ravi@river.example",
    ]


def test_series_needs_a_zone_with_a_name_and_real_numbers() -> None:
    made = series(INA, RAVI)
    values = {name: getattr(made, name) for name in made.__dataclass_fields__}

    with pytest.raises(ValueError, match="no time zone with a name"):
        type(made)(**{**values, "start": datetime(2026, 10, 6, 10, tzinfo=UTC)})
    with pytest.raises(ValueError, match="0 sessions; expected 1 or more"):
        type(made)(**{**values, "sessions": 0})


def test_organiser_of_the_series_is_the_sender() -> None:
    assert series(INA, RAVI).organiser == LINKS.sender_address
