"""One example of each mail, always the same: what the golden files show."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from matcher.domain.people import Person, Week
from matcher.domain.sentences import long_day, say, say_many, term
from matcher.mail import messages
from matcher.mail.ics import Series, first_shared_start, series_from
from matcher.mail.links import Links
from matcher.mail.messages import CycleWords, HandsWords
from matcher.mail.value import Mail

LINKS = Links(base_url="https://match.river.example", sender="mentoring@river.example")
CYCLE = CycleWords(programme="Growing together", cycle="Autumn 2026", slug="growing-together")
WRITTEN = datetime(2026, 9, 21, 7, 30, tzinfo=UTC)
START = date(2026, 10, 5)

INA = Person(
    id=UUID(int=1),
    email="ina@river.example",
    name="Ina Bergmann",
    function="Research",
    site="Hamburg",
    zone="Europe/Berlin",
)
RAVI = Person(
    id=UUID(int=2),
    email="ravi@river.example",
    name="Ravi Çelik",
    function="Operations",
    site="Pune",
    zone="Asia/Kolkata",
)
MEI = Person(
    id=UUID(int=3),
    email="mei@river.example",
    name="Mei O’Neill",
    function="Design",
    zone="Pacific/Auckland",
)

SECOND = say("Session {number}, {day}", number=2, day=long_day(date(2026, 10, 20)))
LEADS = say("{session}: {duty}", session=SECOND, duty=term("facilitator"))
NOTES = say("{session}: {duty}", session=say("Session {number}", number=5), duty=term("note-taker"))
FITTING = "{count} mentors fit you, but every place is taken."

TUESDAY_MORNING = Week.from_local([(1, "10:00"), (1, "10:30"), (1, "11:00")], "Europe/Berlin", START)


def series(*people: Person, every_weeks: int = 2, sessions: int = 6) -> Series:
    """Sessions of these people on Tuesdays at ten in Hamburg."""
    start = first_shared_start([TUESDAY_MORNING] * len(people), people[0].zone, on=START, minutes=60)
    assert start is not None
    return series_from(
        id=UUID(int=77),
        title="Mentoring: Ina and Ravi",
        description="Growing together\nhttps://match.river.example/c/growing-together/my-match",
        people=people,
        start=start,
        minutes=60,
        every_weeks=every_weeks,
        sessions=sessions,
        links=LINKS,
        now=WRITTEN,
    )


def all_letters() -> Mapping[str, Mail]:
    """Every mail there is, by the name of its golden file; in English and in German."""
    german = {f"{name}_german": mail for name, mail in letters_to("de").items()}
    return {**letters_to(None), **german}


def letters_to(language: str | None) -> Mapping[str, Mail]:
    """Every mail there is, to people who read this language."""
    ina, ravi, mei = (replace(one, locale=language) for one in (INA, RAVI, MEI))
    return {
        "introduction": messages.introduction(
            id=UUID(int=10),
            to=ina,
            partner=RAVI,
            partner_role="mentor",
            reasons=[
                say("Sought and offered: {topics}.", topics=(term("Python"), term("Negotiating"))),
                say("The two work in different functions."),
            ],
            sessions=series(INA, RAVI),
            cycle=CYCLE,
            links=LINKS,
        ),
        "introduction_without_sessions": messages.introduction(
            id=UUID(int=11),
            to=ravi,
            partner=INA,
            partner_role="mentee",
            reasons=[],
            sessions=None,
            cycle=CYCLE,
            links=LINKS,
        ),
        "circle_introduction": messages.circle_introduction(
            id=UUID(int=12),
            to=mei,
            members=[INA, RAVI, MEI],
            duties=[LEADS, NOTES],
            sessions=series(INA, RAVI, MEI),
            cycle=CYCLE,
            links=LINKS,
        ),
        "introduction_in_turns": messages.introduction(
            id=UUID(int=38),
            to=ravi,
            partner=INA,
            partner_role="mentee",
            reasons=[],
            sessions=None,
            cycle=CYCLE,
            links=LINKS,
            turns=[say("Session {number}", number=number) for number in (1, 3, 5)],
        ),
        "peer_introduction": messages.circle_introduction(
            id=UUID(int=39),
            to=mei,
            members=[INA, MEI],
            duties=[LEADS],
            sessions=series(INA, MEI),
            cycle=CYCLE,
            links=LINKS,
        ),
        "waitlist": messages.waitlist(
            id=UUID(int=13),
            to=ina,
            reasons=[
                say("There is no mentor for you yet."),
                say_many("{count} mentor fits you, but every place is taken.", FITTING, 2),
            ],
            cycle=CYCLE,
            links=LINKS,
        ),
        "reminder": messages.reminder(
            id=UUID(int=31), to=ina, closes=date(2026, 9, 14), begun=False, cycle=CYCLE, links=LINKS
        ),
        "reminder_begun": messages.reminder(
            id=UUID(int=32), to=ina, closes=date(2026, 9, 14), begun=True, cycle=CYCLE, links=LINKS
        ),
        "duty_change": messages.duty_change(
            id=UUID(int=16),
            to=ina,
            changes=[
                HandsWords(
                    when=SECOND,
                    duty=term("facilitator"),
                    now="Ina Bergmann",
                    before="Mei O’Neill",
                )
            ],
            duties=[LEADS, NOTES],
            sessions=replace(series(INA, RAVI, MEI), sequence=1),
            cycle=CYCLE,
            links=LINKS,
        ),
        "sign_in_link": messages.sign_in_link(
            id=UUID(int=14),
            to="ina@river.example",
            token="Zm9vYmFy.secret_token-1",
            code="40719823",
            language=language,
            minutes=15,
            links=LINKS,
        ),
        "publication_receipt": messages.publication_receipt(
            id=UUID(int=15),
            to=mei,
            counts=[
                say_many("{count} pair", "{count} pairs", 112),
                say_many("{count} circle", "{count} circles", 9),
            ],
            cycle=CYCLE,
            cycle_id=UUID(int=99),
            links=LINKS,
        ),
        "check_in": messages.check_in(
            id=UUID(int=16),
            to=ina,
            token="Zm9vYmFy.secret_token-2",
            last_day=date(2026, 11, 20),
            cycle=CYCLE,
            links=LINKS,
        ),
        "quiet": messages.quiet(
            id=UUID(int=33), to=ina, others=(MEI.name, RAVI.name), cycle=CYCLE, links=LINKS
        ),
        "parting": messages.parting(
            id=UUID(int=17),
            to=ina,
            whom=RAVI.name,
            happens=[say("We look for another mentor for you.")],
            sessions=replace(series(INA, RAVI), sequence=1),
            cycle=CYCLE,
            links=LINKS,
        ),
        "parting_undone": messages.parting_undone(
            id=UUID(int=18),
            to=ina,
            whom=RAVI.name,
            sessions=replace(series(INA, RAVI), sequence=2),
            cycle=CYCLE,
            links=LINKS,
        ),
        "circle_changed": messages.circle_changed(
            id=UUID(int=19),
            to=mei,
            circle=say("circle {number}", number=3),
            happens=[say("{name} is no longer in your circle.", name=INA.name)],
            cycle=CYCLE,
            links=LINKS,
        ),
        "something_waits": messages.something_waits(
            id=UUID(int=20), to=mei, page=LINKS.handled(UUID(int=21)), links=LINKS
        ),
    }
