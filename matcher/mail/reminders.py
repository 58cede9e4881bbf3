"""The mail to somebody who has not decided whether to take part."""

from datetime import date
from uuid import UUID

from matcher.domain.people import Person
from matcher.domain.said import long_day
from matcher.mail.compose import compose
from matcher.mail.cycle_words import CycleWords
from matcher.mail.links import Links
from matcher.mail.value import Mail


def reminder(
    *,
    id: UUID,  # noqa: A002 - the outbox row's
    to: Person,
    closes: date,
    begun: bool,
    cycle: CycleWords,
    links: Links,
) -> Mail:
    """Sign-up is open until `closes`; `begun`: they have begun the form and not sent it."""
    return compose(
        "reminder",
        mail_id=id,
        to=to.email,
        name=to.name,
        language=to.locale,
        links=links,
        last_day=long_day(closes),
        begun=begun,
        cycle=cycle,
    )
