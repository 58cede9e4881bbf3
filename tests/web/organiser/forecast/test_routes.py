"""Before matching: what the organiser sees of sign-ups and chances, and whom they remind."""

from matcher.domain.people import Role
from tests.builders import enrolled
from tests.web.cycles import people
from tests.web.visitors import counted_queries, text_of


def path(together) -> str:
    return f"/organise/{together.cycle_id}/before"


def test_page_shows_supply_and_demand_as_charts_and_tables(site, together):
    people(site, together, pairs=3, unlucky=2)

    page = site.visitor(together.organiser).get(path(together))

    assert "8 people have signed up" in text_of(page)
    assert "The largest gap: leadership. It is sought by 5 mentees and offered with 3 places." in text_of(
        page
    )
    assert page.text.count("data-chart-place") == 6


def test_charts_of_many_people_can_be_fetched_later(site, together):
    people(site, together, pairs=3, unlucky=2)

    part = site.visitor(together.organiser).get(f"{path(together)}/demand")

    assert "8 people have signed up" in text_of(part)
    assert "<html" not in part.text


def test_options_are_counted_in_a_part_fetched_later_or_by_a_link(site, together):
    people(site, together, pairs=3, unlucky=2)
    ola = site.visitor(together.organiser)

    part, whole = ola.get(f"{path(together)}/chances"), ola.get(f"{path(together)}?count=yes")

    for page in (part, whole):
        assert "5 mentees and 3 places with 3 mentors. 3 of 5 can be placed at the same time." in text_of(
            page
        )
        assert "Nobody is left without any option." in text_of(page)


def test_empty_cycle_says_what_will_be_here(site, together):
    assert "Nobody has signed up yet" in text_of(site.visitor(together.organiser).get(path(together)))


def test_reminders_go_to_the_chosen_groups(site, together):
    ola = site.visitor(together.organiser)

    answer = ola.post(f"{path(together)}/reminders", {"segment": "known"})

    assert answer.status_code == 303
    assert "3 reminders are on their way." in text_of(ola.get(path(together)))
    assert site.rings[-1][0] == "mail"
    ola.post(f"{path(together)}/reminders")
    assert "Nobody was written to." in text_of(ola.get(path(together)))


def test_nobody_else_sees_or_reminds(site, together):
    visitor = site.visitor(together.outsider)

    assert visitor.get(path(together)).status_code == 404
    assert visitor.get(f"{path(together)}/chances").status_code == 404
    assert visitor.get(f"{path(together)}/demand").status_code == 404
    assert visitor.post(f"{path(together)}/reminders").status_code == 404


def test_number_of_queries_does_not_grow(site, together):
    queries = []
    for number in (1, 3):
        with site.open_session.begin() as session:
            for place in range(number):
                enrolled(session, together.cycle_id, Role.MENTOR, name=f"Mentor {number} {place}")
                enrolled(session, together.cycle_id, Role.MENTEE, name=f"Mentee {number} {place}")
        visitor = site.visitor(together.organiser)
        with counted_queries(site) as seen:
            visitor.get(f"{path(together)}?count=yes")
        queries.append(len(seen))

    assert queries[0] == queries[1]
