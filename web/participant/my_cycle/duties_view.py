"""The board on which duties change hands, and the ledger of who has held how many."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from matcher.domain.people import Person
from matcher.services.duties.ledger import DutyAccount
from matcher.services.duties.offers import Offer
from matcher.services.groups.my_match import MyCircle, MyPair, OwnTurn
from web.language import _, current, in_words, ngettext
from web.parts import meeting
from web.parts.circle import duty_word
from web.parts.words import upper_first


@dataclass(frozen=True, kw_only=True)
class MyTurn:
    """A duty of mine that lies ahead; `offer_id` where I have offered it, with `asks` of a swap in words.

    `theirs`: duties of others I could ask for in return, by id with their words.
    """

    duty_id: UUID
    words: str
    offer_id: UUID | None
    asks: str
    theirs: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, kw_only=True)
class OpenOffer:
    """Somebody's offer: in words, and why I cannot take it, or that I once declined such duties."""

    id: UUID
    words: str
    asks: str
    hindrance: str
    declined: bool


@dataclass(frozen=True, kw_only=True)
class DutiesView:
    """The board of a pair or circle: my turns, what others offer."""

    mine: tuple[MyTurn, ...]
    offers: tuple[OpenOffer, ...]


def duties(
    one: MyPair | MyCircle, offers: Sequence[Offer], me: Person, people: Mapping[UUID, Person], now: datetime
) -> DutiesView:
    """What can still change hands in this group: sessions that have begun are left out."""
    begins = dict(enumerate(one.starts, start=1))
    ahead = [turn for turn in one.turns if begins.get(turn.session, now) > now]
    here = [offer for offer in offers if offer.group_id == one.id]
    own = {offer.duty_id: offer for offer in here if offer.mine}
    return DutiesView(
        mine=tuple(
            MyTurn(
                duty_id=turn.id,
                words=turn_words(turn.session, turn.duty, one, me),
                offer_id=own[turn.id].id if turn.id in own else None,
                asks=asks(own.get(turn.id), one, me),
                theirs=swaps(turn, ahead, one, me, people),
            )
            for turn in ahead
            if turn.person == me.id
        ),
        offers=tuple(
            OpenOffer(
                id=offer.id,
                words=_(
                    "%(name)s offers: %(duty)s",
                    name=offer.by.name,
                    duty=turn_words(offer.session, offer.duty, one, me),
                ),
                asks=asks(offer, one, me),
                hindrance=in_words(offer.sentence) if offer.sentence else "",
                declined=offer.declined,
            )
            for offer in here
            if not offer.mine
        ),
    )


def swaps(
    mine: OwnTurn, ahead: Sequence[OwnTurn], one: MyPair | MyCircle, me: Person, people: Mapping[UUID, Person]
) -> tuple[tuple[UUID, str], ...]:
    """The duties I could ask for in return: whoever swaps has no second duty in the other's session."""
    busy = {(turn.person, turn.session) for turn in ahead}
    return tuple(
        (turn.id, f"{people[turn.person].name}: {turn_words(turn.session, turn.duty, one, me)}")
        for turn in ahead
        if turn.person != me.id
        and turn.person in people
        and (
            turn.session == mine.session
            or ((me.id, turn.session) not in busy and (turn.person, mine.session) not in busy)
        )
    )


def turn_words(session: int, duty: str, one: MyPair | MyCircle, me: Person) -> str:
    """As in "Facilitator in session 3, Thu 10 April, 15:00"."""
    return _(
        "%(duty)s in session %(number)s, %(when)s",
        duty=upper_first(duty_word(duty)),
        number=session,
        when=meeting.briefly(one.starts[session - 1], me.zone),
    )


def asks(offer: Offer | None, one: MyPair | MyCircle, me: Person) -> str:
    """What somebody wants in return, if anything."""
    return "" if offer is None or offer.asks is None else turn_words(*offer.asks, one, me)


@dataclass(frozen=True, kw_only=True)
class LedgerRow:
    """One person's line of the ledger, in words; a balance of 0 is even."""

    name: str
    me: bool
    done: str
    ahead: str
    carried: str
    balance: str


def ledger_rows(entries: Iterable[DutyAccount], me: Person) -> tuple[LedgerRow, ...]:
    """The ledger as a table, me first."""
    rows = [
        LedgerRow(
            name=_("You") if entry.person.id == me.id else entry.person.name,
            me=entry.person.id == me.id,
            done=counted(entry.done),
            ahead=counted(entry.ahead),
            carried=balance(entry.carried),
            balance=balance(entry.balance),
        )
        for entry in entries
        if entry.present
    ]
    return tuple(sorted(rows, key=lambda row: not row.me))


def counted(duties: Mapping[str, int]) -> str:
    """As in "2 × facilitator, 1 × note-taker"; a dash for none."""
    words = [
        _("%(count)s × %(duty)s", count=count, duty=duty_word(duty)) for duty, count in sorted(duties.items())
    ]
    return current().listed(words) if words else "–"


def balance(number: int) -> str:
    """As in "2 more than their share"."""
    if number == 0:
        return _("even")
    if number > 0:
        return ngettext("%(num)s above the share", "%(num)s above the share", number)
    return ngettext("%(num)s below the share", "%(num)s below the share", -number)
