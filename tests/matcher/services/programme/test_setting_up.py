"""A programme from a template, who runs it, and the days of its cycles."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from matcher.domain.errors import Changed, Invalid, NotAllowed, NotFound, WrongState
from matcher.domain.lifecycle import MailState
from matcher.domain.mailing import MailKind
from matcher.domain.people import Role
from matcher.domain.policy.policy import Policy
from matcher.mail.cycle_words import CycleWords
from matcher.mail.links import Links
from matcher.mail.samples import READER, sample
from matcher.services.cycle import cycles
from matcher.services.cycle import dates as cycle_dates
from matcher.services.post import outbox
from matcher.services.programme import programme_templates, programmes, roles
from matcher.store.tables import PersonRow, Programme
from tests.builders import NOON, a_cycle, a_draft_cycle, a_programme, enrolled, stored


@pytest.fixture
def ola(session):
    """Somebody who organises a programme."""
    person = stored(session, "Ola Organiser")
    programmes.add_organiser(session, programme_id=a_programme(session), person_id=person, by=None, now=NOON)
    return person


def found(session, by, **fields):
    given = {"template": "classic", "name": "Mentoring", "slug": "mentoring", "language": "en"}
    return programme_templates.found(session, **{**given, **fields}, by=by, now=NOON)


@pytest.mark.parametrize("template", programme_templates.ORDER)
def test_every_template_becomes_a_programme_of_whoever_makes_it(session, ola, template):
    programme = found(session, ola, template=template, language="de")

    pattern = programme_templates.templates()[template]
    row = session.get_one(Programme, programme)
    assert programmes.policy_of(session, programme) == pattern.policy
    assert (row.form, row.about) == (pattern.form.to_data(), pattern.about["de"].strip())
    assert [(one.name, one.office) for one in roles.holders(session, programme)] == [
        ("Ola Organiser", "organiser")
    ]
    assert set(pattern.name) == set(pattern.says) == set(pattern.about) == {"en", "de"}


def test_templates_differ_in_what_they_match_by():
    patterns = programme_templates.templates()

    assert {key: pattern.policy.circles.on for key, pattern in patterns.items()} == {
        "classic": False,
        "peer-circles": True,
        "buddies": False,
        "reverse": False,
        "mixed": True,
    }
    assert patterns["mixed"].policy == Policy()


def test_only_organisers_and_whom_the_operator_named_make_programmes(session, ola):
    otto = stored(session, "Otto Outside")

    with pytest.raises(NotAllowed):
        found(session, otto)
    found(session, otto, named=True)
    found(session, otto, slug="another")
    with pytest.raises(Invalid):
        found(session, ola)
    with pytest.raises(Invalid):
        found(session, ola, slug="third", template="../classic")


def test_somebody_is_added_by_address_and_the_last_one_stays(session, ola):
    programme = found(session, ola)
    asked = {"programme_id": programme, "by": ola, "now": NOON}

    kim = roles.add(session, email=" Kim@Example.org", office="organiser", **asked)
    roles.remove(session, person_id=kim, office="organiser", **asked)
    with pytest.raises(WrongState):
        roles.remove(session, person_id=ola, office="organiser", **asked)

    assert session.get_one(PersonRow, kim).email == "kim@example.org"
    assert [one.person_id for one in roles.holders(session, programme)] == [ola]


def test_somebody_whose_account_has_ended_is_not_the_one_who_is_left(session, ola):
    programme = found(session, ola)
    asked = {"programme_id": programme, "by": ola, "now": NOON}
    kim = roles.add(session, email="kim@example.org", office="organiser", **asked)
    session.get_one(PersonRow, kim).active = False

    with pytest.raises(WrongState):
        roles.remove(session, person_id=ola, office="organiser", **asked)


def test_outsiders_hand_nothing_over(session, ola):
    programme = found(session, ola)
    otto = stored(session, "Otto Outside")

    with pytest.raises(NotFound):
        roles.add(
            session, programme_id=programme, email="otto@example.org", office="organiser", by=otto, now=NOON
        )
    with pytest.raises(NotFound):
        roles.remove(session, programme_id=programme, person_id=ola, office="organiser", by=otto, now=NOON)
    assert len(session.scalars(select(PersonRow)).all()) == 2


def test_the_second_of_two_descriptions_is_told(session, ola):
    programme = found(session, ola)
    asked = {"programme_id": programme, "name": "New", "slug": "new", "about": "", "by": ola, "now": NOON}
    seen = session.get_one(Programme, programme).version
    roles.add(session, programme_id=programme, email="kim@example.org", office="organiser", by=ola, now=NOON)

    programmes.describe(session, **asked, settings={"sign_off": True}, seen=seen)
    with pytest.raises(Changed):
        programmes.describe(session, **asked, settings={}, seen=seen)

    row = session.get_one(Programme, programme)
    assert (row.name, row.slug, row.settings) == ("New", "new", {"sign_off": True})


def planned(session, cycle, **days):
    row = cycles.of(session, cycle)
    dates = replace(cycle_dates.dates_of(row), **days)
    cycle_dates.change(
        session, cycle_id=cycle, name="Renamed", dates=dates, seen=row.version, by=None, now=NOON
    )
    return cycle_dates.dates_of(row)


def test_days_change_while_the_cycle_is_planned(session):
    cycle = a_draft_cycle(session, programme=a_programme(session))
    opens = cycles.of(session, cycle).opens_on + timedelta(days=1)

    assert planned(session, cycle, opens_on=opens).opens_on == opens
    assert cycles.of(session, cycle).name == "Renamed"
    with pytest.raises(Invalid):
        planned(session, cycle, ends_on=opens - timedelta(days=9))


def test_an_open_sign_up_cannot_have_opened_on_another_day(session):
    cycle = a_cycle(session, programme=a_programme(session))

    with pytest.raises(WrongState):
        planned(session, cycle, opens_on=date(2026, 1, 1))
    later = cycles.of(session, cycle).closes_on + timedelta(days=1)
    assert planned(session, cycle, closes_on=later).closes_on == later


def test_hours_people_gave_stay_the_same_hours(session):
    cycle = a_cycle(session, programme=a_programme(session))
    enrolled(session, cycle, Role.MENTEE, name="Mina Mentee")
    starts = cycles.of(session, cycle).starts_on

    winter = starts + timedelta(weeks=40)
    with pytest.raises(Invalid) as refused:
        planned(session, cycle, starts_on=winter, ends_on=winter + timedelta(weeks=8))

    assert "The clocks change in Europe/Berlin" in refused.value.problems[0].sentence
    soon = starts + timedelta(weeks=1)
    assert planned(session, cycle, starts_on=soon).starts_on == soon


def test_a_cancelled_cycle_writes_to_nobody_any_more(session):
    programme = a_programme(session)
    cycle, other = (a_cycle(session, programme=programme) for _ in range(2))
    person = stored(session, "Mina Mentee")
    for about in (cycle, other):
        mail = sample(
            "waitlist",
            to=READER,
            language="en",
            cycle=CycleWords(programme="P", cycle="C", slug="p"),
            links=Links(base_url="https://match.example"),
            now=NOON,
        )
        kind = MailKind.WAITLIST
        outbox.write(session, mail, cycle=about, person=person, kind=kind, occurrence="once", now=NOON)

    cycles.cancel(session, cycle_id=cycle, by=None, now=NOON)

    assert outbox.tally(session, cycle) == {MailState.CANCELLED: 1}
    assert outbox.tally(session, other) == {MailState.QUEUED: 1}
