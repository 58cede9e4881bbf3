"""What an organiser reads before a change by hand: the choice, the price, whom it touches, what was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from matcher.domain.matching.changes import Apart
from matcher.domain.matching.explain import FIT_WORDS
from matcher.domain.people import Person, Profile, Role
from matcher.domain.policy.criteria import CRITERIA
from matcher.domain.policy.policy import Policy
from matcher.domain.policy.rules import RULES
from matcher.services.review.changes import RecordedChange
from matcher.services.review.prices import ChangePrice, Moved, SeatExchange
from web.language import N_, _, in_words, ngettext
from web.parts.words import figure, listed, moment, number

SHOWN = 12
"""Sentences shown of those a change touches; the others are under one that is opened."""
MOST_FOUND = 20
MOST_PLACES = 12
KINDS = (
    ("pin", N_("Pair two people"), N_("They become a pair, whatever else.")),
    ("swap", N_("Swap two mentees"), N_("Each gets the mentor of the other.")),
    ("forbid", N_("Keep two people apart"), N_("They do not become a pair.")),
    ("apart", N_("Keep two peers apart"), N_("They do not sit in one circle.")),
    ("capacity", N_("Change a mentor’s places"), N_("How many mentees a mentor takes.")),
    ("weight", N_("Change a weight"), N_("How much something counts.")),
    ("rule", N_("Change a rule"), N_("A hard rule that holds, or no longer does.")),
)

Option = tuple[str, str]
"""Value and words of a choice."""


@dataclass(frozen=True, kw_only=True)
class PriceLine:
    """One line of the price."""

    name: str
    before: str
    after: str
    difference: str


@dataclass(frozen=True, kw_only=True)
class PriceView:
    """The price of one change."""

    figures: tuple[PriceLine, ...]
    headline: str
    touches: tuple[str, ...]
    more: tuple[str, ...]
    about: str


@dataclass(frozen=True, kw_only=True)
class Past:
    """A change in the history."""

    id: UUID
    number: int
    sentence: str
    reason: str
    price: str
    made: str
    undone: str
    stands: bool
    inside: bool
    policy: str


def kinds() -> list[tuple[str, str, str]]:
    """Value, name and hint of each kind of change."""
    return [(kind, _(name), _(hint)) for kind, name, hint in KINDS]


def found(profiles: Mapping[UUID, Profile], role: Role, find: str, chosen: str) -> list[Option]:
    """Those of the role whose name has these letters in it, at most MOST_FOUND, and the chosen one."""
    wanted = find.strip().casefold()
    some = [
        one.person
        for one in profiles.values()
        if role in one.answers.roles
        and (role is not Role.MENTOR or one.answers.capacity)
        and (str(one.id) == chosen or (wanted and wanted in one.person.name.casefold()))
    ]
    some.sort(key=lambda one: (str(one.id) != chosen, one.name, one.id))
    return [(str(one.id), _person(one)) for one in some[:MOST_FOUND]]


def _person(person: Person) -> str:
    if not person.function:
        return person.name
    return _("%(name)s, %(function)s", name=person.name, function=person.function)


def criteria(policy: Policy) -> list[Option]:
    """Criteria with their present weight."""
    present = {use.name: use.weight for use in policy.criteria}
    return [
        (
            name,
            _(
                "%(criterion)s (now %(weight)s)",
                criterion=in_words(criterion.sentence),
                weight=figure(present.get(name, 0)),
            ),
        )
        for name, criterion in CRITERIA.items()
    ]


def rules(policy: Policy) -> list[Option]:
    """Rules that may be changed by hand, each with what the change would be."""
    present = {use.name: use.params for use in policy.rules}
    return [
        (
            name,
            _("Leave out: %(rule)s", rule=in_words(rule.says(present[name])))
            if name in present
            else _("Let it hold: %(rule)s", rule=in_words(rule.says(_usual(name)))),
        )
        for name, rule in RULES.items()
        if not rule.always
    ]


def _usual(name: str) -> dict[str, int]:
    return {one.name: one.default for one in RULES[name].params if isinstance(one.default, int)}


def priced(price: ChangePrice) -> PriceView:
    """The price in figures and sentences."""
    touches = tuple(_moved(one) for one in price.moved)
    names = [(_("People placed"), *price.placed), (_("Points of all pairs"), *price.total)]
    names += [(in_words(FIT_WORDS[word]), before, after) for word, before, after in reversed(price.words)]
    return PriceView(
        figures=tuple(_figure(*one) for one in names),
        headline=_headline(price),
        touches=touches[:SHOWN],
        more=touches[SHOWN:],
        about="" if price.proved else _about(price),
    )


def _about(price: ChangePrice) -> str:
    """What of it is sure, where the best plan cannot be known at once."""
    return _(
        "How many people are placed is exact. The other figures are about: they are those of a good plan "
        "near the draft. The next run looks longer and may find a better one, with at most %(most)s points.",
        most=figure(price.most),
    )


def seats(change: Apart, found: SeatExchange, people: Mapping[UUID, Profile]) -> tuple[str, ...]:
    """What keeping two peers apart takes, in sentences."""
    if found.together is None:
        return (_("They do not sit together in this draft. Nothing changes, and the next run keeps it so."),)
    first, second = (people[person].person.name for person in change.couple)
    return (
        _(
            "%(first)s and %(second)s sit together in circle %(number)s.",
            first=first,
            second=second,
            number=found.together,
        ),
        *_way(found),
    )


def _way(found: SeatExchange) -> tuple[str, ...]:
    if found.mover is None:
        return (
            _(
                "No single exchange of seats parts them. The next run seats everybody anew; it may leave "
                "somebody over."
            ),
        )
    names: dict[str, object] = {"mover": found.mover.name, "circle": found.target}
    if found.other is None:
        way = _("%(mover)s could take a free seat in circle %(circle)s.", **names)
    else:
        names["other"] = found.other.name
        way = _("%(mover)s could change places with %(other)s of circle %(circle)s.", **names)
    return (
        way,
        ngettext(
            "Then %(count)s person would sit with somebody else, and nobody is left over.",
            "Then %(count)s people would sit with somebody else, and nobody is left over.",
            found.touched,
            count=number(found.touched),
        ),
        _("That is one way at least. The next run seats everybody anew and may find a better one."),
    )


def _figure(name: str, before: int, after: int) -> PriceLine:
    return PriceLine(name=name, before=figure(before), after=figure(after), difference=signed(after - before))


def signed(difference: int) -> str:
    """A difference with its sign; 0 has none."""
    if difference == 0:
        return "0"
    words = figure(abs(difference))
    return _("+%(number)s", number=words) if difference > 0 else _("−%(number)s", number=words)


def _headline(price: ChangePrice) -> str:
    if not price.moved:
        return _("Nobody’s match changes.")
    return ngettext(
        "It changes the match of %(count)s person.",
        "It changes the match of %(count)s people.",
        price.touched,
        count=number(price.touched),
    )


def _moved(one: Moved) -> str:
    before, after = (listed([person.name for person in some]) for some in (one.before, one.after))
    if not one.after:
        return _("%(name)s: from %(before)s to the waitlist.", name=one.mentee.name, before=before)
    if not one.before:
        return _("%(name)s: from the waitlist to %(after)s.", name=one.mentee.name, after=after)
    return _("%(name)s: from %(before)s to %(after)s.", name=one.mentee.name, before=before, after=after)


def past(made: Sequence[RecordedChange], inside: Sequence[int], zone: str) -> tuple[Past, ...]:
    """The history; `inside`: the numbers the newest draft was made with."""
    return tuple(
        Past(
            id=one.id,
            number=one.number,
            sentence=in_words(one.sentence),
            reason=one.reason,
            price=_past_price(one),
            made=_(
                "%(who)s, %(when)s",
                who=one.made_by.name if one.made_by else _("somebody who has left"),
                when=moment(one.made_at, zone),
            ),
            undone=_undone(one, zone),
            stands=one.undone_at is None,
            inside=one.number in inside,
            policy=""
            if one.policy is None
            else _("Part of the policy, version %(number)s.", number=one.policy),
        )
        for one in made
    )


def _undone(one: RecordedChange, zone: str) -> str:
    if one.undone_at is None:
        return ""
    who = one.undone_by.name if one.undone_by else _("somebody who has left")
    return _("Undone by %(who)s, %(when)s.", who=who, when=moment(one.undone_at, zone))


def _past_price(one: RecordedChange) -> str:
    if not one.price:
        return _("Its price was not asked for.")
    if "seats" in one.price:
        return _("Its price then: %(seats)s people with other seats.", seats=figure(one.price["seats"]))
    (placed, placed_after), (total, total_after) = one.price["placed"], one.price["total"]
    said = {
        "placed": signed(placed_after - placed),
        "total": signed(total_after - total),
        "touched": figure(one.price["touched"]),
    }
    if one.price.get("about"):
        return _(
            "Its price then: %(placed)s people placed; about %(total)s points, %(touched)s people touched.",
            **said,
        )
    return _(
        "Its price then: %(placed)s people placed, %(total)s points, %(touched)s people touched.", **said
    )
