"""The page “What if”: a change by hand is seen with its price, applied or dropped, undone."""

import re
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from matcher.domain.people import Role
from matcher.services.cycle import cycles
from matcher.services.programme import programmes
from matcher.store.organiser_tables import ManualChange
from matcher.store.tables import Draft, DraftCircle, SolveRun
from tests.builders import NOON, enrolled, stored
from tests.web.conftest import Together
from tests.web.cycles import drafted, people, published, solved
from tests.web.visitors import Site, Visitor, counted_queries, text_of


@pytest.fixture
def everybody(site: Site, together: Together) -> dict[str, UUID]:
    """Three mentors and three mentees, matched and not published."""
    named = people(site, together, pairs=3)
    with site.open_session.begin() as session:
        named["Finn"] = enrolled(
            session, together.cycle_id, Role.MENTEE, name="Finn Secret", not_with=(named["Mentor 0"],)
        )
    drafted(site, together)
    return named


def page_of(together: Together, **fields: object) -> str:
    asked = "&".join(f"{name}={value}" for name, value in fields.items())
    return f"/organise/{together.cycle_id}/what-if?{asked}"


def priced(visitor: Visitor, path: str) -> str:
    """The page once the solver is ready."""
    for _ in range(20):
        words = text_of(visitor.get(path))
        if "getting ready" not in words:
            return words
    raise AssertionError("The solver did not get ready.")


def changes(site: Site) -> list[ManualChange]:
    with site.open_session() as session:
        return list(session.scalars(select(ManualChange).order_by(ManualChange.number)))


def circles_of(site: Site) -> list[list[UUID]]:
    """The circles of the newest draft."""
    with site.open_session() as session:
        newest = select(Draft.id).order_by(Draft.created_at.desc()).limit(1)
        rows = session.scalars(
            select(DraftCircle.members).where(DraftCircle.draft_id == newest.scalar_subquery())
        )
        return [[UUID(one) for one in members] for members in rows]


def other_mentor(site: Site, together: Together, everybody: dict[str, UUID]) -> UUID:
    """A mentor Mentee 0 does not have."""
    words = priced(
        site.visitor(together.organiser),
        page_of(together, kind="pin", mentee=everybody["Mentee 0"], mentor=everybody["Mentor 0"]),
    )
    return everybody["Mentor 1" if "Nobody’s match changes" in words else "Mentor 0"]


def test_a_change_is_found_by_name_priced_applied_and_run(
    site: Site, together: Together, everybody: dict[str, UUID]
) -> None:
    ola = site.visitor(together.organiser)
    mentor = other_mentor(site, together, everybody)
    name = next(name for name, one in everybody.items() if one == mentor)
    by_name = page_of(together, kind="pin", mentee_find="mentee+0", mentor_find=name.replace(" ", "+"))

    seen = priced(ola, by_name)
    done = ola.post(
        page_of(together),
        {"kind": "pin", "mentee": everybody["Mentee 0"], "mentor": mentor, "reason": "They know each other."},
    )
    after = text_of(ola.get(page_of(together)))
    site.clock.forward(minutes=5)
    queued = ola.post(f"/organise/{together.cycle_id}/what-if/run")
    solved(site, site.rings[-1][1])
    contained = text_of(ola.get(page_of(together)))

    assert f"Paired by hand: Mentee 0 with {name}." in seen
    assert "People placed 3 3 0" in seen
    assert "Mentee 0: from" in seen
    assert (done.status_code, queued.status_code) == (303, 303)
    assert "Its price then: 0 people placed" in after
    assert "The newest draft was made before some of these changes." in after
    assert "The newest draft contains all that stand." in contained
    assert [(one.reason, one.price["placed"]) for one in changes(site)] == [("They know each other.", [3, 3])]
    with site.open_session() as session:
        runs = list(session.scalars(select(SolveRun.changes).order_by(SolveRun.queued_at)))
    assert sorted(len(one.get("changes", ())) for one in runs) == [0, 1]


def test_where_somebody_asks_for_two_mentors_the_price_is_there_too(site: Site, together: Together) -> None:
    named = people(site, together, pairs=3)
    with site.open_session.begin() as session:
        named["Tia"] = enrolled(session, together.cycle_id, Role.MENTEE, name="Tia Two", mentors_wanted=2)
        extra = enrolled(session, together.cycle_id, Role.MENTOR, name="Mentor More")
    drafted(site, together)
    ola = site.visitor(together.organiser)

    words = priced(ola, page_of(together, kind="capacity", mentor=extra, places=2))

    assert "People placed 4 4 0" in words
    assert "Tia Two: from Mentor" in words
    assert "exact" not in words


def test_two_peers_are_kept_apart_with_a_way_and_the_next_run_does_it(site: Site, together: Together) -> None:
    named = people(site, together, pairs=0, peers=8)
    drafted(site, together)
    (one, other, *_), (third, *_) = circles_of(site)
    ola = site.visitor(together.organiser)
    asked = {"kind": "apart", "peer": one, "second": other}

    apart_already = text_of(ola.get(page_of(together, kind="apart", peer=one, second=third)))
    seen = text_of(ola.get(page_of(together, **asked)))
    done = ola.post(page_of(together), {**asked, "reason": "They asked for it."})
    site.clock.forward(minutes=5)
    ola.post(f"/organise/{together.cycle_id}/what-if/run")
    solved(site, site.rings[-1][1])
    after = text_of(ola.get(page_of(together)))

    names = {person: name for name, person in named.items()}
    assert "They do not sit together in this draft." in apart_already
    assert f"Not in one circle: {names[min(one, other)]} and {names[max(one, other)]}." in seen
    assert "sit together in circle" in seen
    assert "could change places with" in seen
    assert "Then eight people would sit with somebody else, and nobody is left over." in seen
    assert done.status_code == 303
    assert "Its price then: 8 people with other seats." in after
    assert not any({one, other} <= set(members) for members in circles_of(site))


def test_after_sign_up_was_opened_and_closed_again_changes_stand_and_can_be_undone(
    site: Site, together: Together, everybody: dict[str, UUID]
) -> None:
    ola = site.visitor(together.organiser)
    ban = {"kind": "forbid", "mentee": everybody["Mentee 0"], "mentor": everybody["Mentor 0"]}
    ola.post(page_of(together), {**ban, "reason": "They asked for it."})
    with site.open_session.begin() as session:
        cycles.reopen(session, cycle_id=together.cycle_id, by=together.organiser, now=site.now)
    site.clock.forward(minutes=5)
    ola.post(f"/organise/{together.cycle_id}/close")
    with site.open_session() as session:
        newest = select(SolveRun.changes).order_by(SolveRun.queued_at.desc())
        inside = session.scalars(newest).first()

    words = text_of(ola.get(page_of(together)))
    undone = ola.post(f"/organise/{together.cycle_id}/what-if/{changes(site)[0].id}/undo")

    assert inside is not None
    assert [one["number"] for one in inside["changes"]] == [1]
    assert "Not paired: Mentee 0 with Mentor 0." in words
    assert "Undo" in words
    assert undone.status_code == 303
    assert changes(site)[0].undone_at is not None


def test_looking_at_a_price_changes_nothing_and_undoing_is_noted(
    site: Site, together: Together, everybody: dict[str, UUID]
) -> None:
    ola = site.visitor(together.organiser)
    words = priced(ola, page_of(together, kind="capacity", mentor=everybody["Mentor 1"], places=2))
    assert changes(site) == []
    ola.post(
        page_of(together),
        {"kind": "capacity", "mentor": everybody["Mentor 1"], "places": "2", "reason": "She offered it."},
    )
    (made,) = changes(site)
    undone = ola.post(f"/organise/{together.cycle_id}/what-if/{made.id}/undo")
    after = text_of(ola.get(page_of(together)))

    assert "Mentor 1 has 2 places for mentees." in words
    assert "People placed 3 4 +1" in words
    assert ": from the waitlist to " in words
    assert undone.status_code == 303
    assert "Undone by Ola Organiser" in after


def test_what_somebody_said_in_confidence_is_not_told(
    site: Site, together: Together, everybody: dict[str, UUID]
) -> None:
    ola = site.visitor(together.organiser)

    words = text_of(
        ola.get(page_of(together, kind="pin", mentee=everybody["Finn"], mentor=everybody["Mentor 0"]))
    )
    refused = ola.post(
        page_of(together),
        {"kind": "pin", "mentee": everybody["Finn"], "mentor": everybody["Mentor 0"], "reason": "Please."},
    )

    assert "something said in confidence forbids it. Which of these it is, is not told." in words
    assert "Apply it" not in words
    assert (refused.status_code, changes(site)) == (409, [])


def test_an_organiser_needs_a_second_one_for_their_own_match(
    site: Site, together: Together, everybody: dict[str, UUID]
) -> None:
    with site.open_session.begin() as session:
        programmes.add_organiser(
            session,
            programme_id=together.programme_id,
            person_id=everybody["Mentee 1"],
            by=None,
            now=NOON,
        )
    own = {"kind": "forbid", "mentee": everybody["Mentee 1"], "mentor": everybody["Mentor 1"]}
    self_willed = site.visitor(everybody["Mentee 1"])

    words = text_of(self_willed.get(page_of(together, **own)))
    refused = self_willed.post(page_of(together), {**own, "reason": "I would rather not."})
    second = site.visitor(together.organiser).post(page_of(together), {**own, "reason": "They asked."})

    assert "Another organiser has to make this change" in words
    assert (refused.status_code, second.status_code) == (409, 303)


def test_a_missing_reason_loses_nothing(site: Site, together: Together, everybody: dict[str, UUID]) -> None:
    ola = site.visitor(together.organiser)
    sent = {"kind": "weight", "criterion": "topics", "weight": "9", "reason": " "}

    priced(ola, page_of(together, kind="weight", criterion="topics", weight=9))
    again = ola.post(page_of(together), sent)

    assert everybody
    assert again.status_code == 422
    assert "Write down why" in text_of(again)
    assert re.search(r'name="weight" value="9"', again.text)


@pytest.mark.parametrize("kind", ["swap", "weight", "rule", "pin", "capacity"])
def test_nonsense_in_the_address_asks_again(
    site: Site, together: Together, everybody: dict[str, UUID], kind: str
) -> None:
    ola = site.visitor(together.organiser)
    nonsense = {"mentee": "x", "mentor": uuid4(), "places": "many", "criterion": "luck", "weight": "99"}

    page = ola.get(page_of(together, kind=kind, rule="same_person", **nonsense))

    assert everybody
    assert page.status_code == 200
    assert "Its price" not in text_of(page)


def test_before_a_draft_and_after_publication_there_is_nothing_to_change(
    site: Site, together: Together
) -> None:
    ola = site.visitor(together.organiser)
    before = text_of(ola.get(page_of(together)))
    people(site, together, pairs=2)
    published(site, together)

    assert "There is no draft to change" in before
    assert "There is no draft to change" in text_of(ola.get(page_of(together, kind="pin")))


def test_nobody_else_sees_or_changes_anything(
    site: Site, together: Together, everybody: dict[str, UUID]
) -> None:
    ola = site.visitor(together.organiser)
    ola.post(page_of(together), {"kind": "weight", "criterion": "topics", "weight": "9", "reason": "Try."})
    (made,) = changes(site)
    with site.open_session.begin() as session:
        elsewhere = stored(session, "Elsa Elsewhere")

    for stranger in (site.visitor(elsewhere), site.visitor(everybody["Mentee 0"])):
        answers = [
            stranger.get(page_of(together, kind="pin")),
            stranger.post(page_of(together), {"kind": "weight"}),
            stranger.post(f"/organise/{together.cycle_id}/what-if/run"),
            stranger.post(f"/organise/{together.cycle_id}/what-if/{made.id}/undo"),
        ]
        assert [answer.status_code for answer in answers] == [404] * 4
    assert ola.post(f"/organise/{together.cycle_id}/what-if/{uuid4()}/undo").status_code == 404
    assert site.visitor().get(page_of(together)).status_code in (302, 303, 401)


def test_the_page_asks_as_often_for_one_change_as_for_three(
    site: Site, together: Together, everybody: dict[str, UUID]
) -> None:
    ola = site.visitor(together.organiser)
    counts = []
    for weight in ("1", "2", "3"):
        ola.post(
            page_of(together), {"kind": "weight", "criterion": "topics", "weight": weight, "reason": "Try."}
        )
        with counted_queries(site) as queries:
            ola.get(page_of(together))
        counts.append(len(queries))

    assert everybody
    assert counts[0] == counts[2]
