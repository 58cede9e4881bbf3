"""The policy editor: fields that say what they do, a preview, versions and a way back."""

from matcher.domain.people import Role
from matcher.schemas.policy_form import values_of
from matcher.services.programme import programmes
from matcher.services.sign_up import enrolment
from tests.builders import enrolled
from tests.web.cycles import people
from tests.web.visitors import text_of


def path(together) -> str:
    return f"/organise/{together.cycle_id}/policy"


def fields(site, together, seen: int, **changes) -> dict:
    with site.open_session() as session:
        policy = programmes.policy_of(session, together.programme_id)
    return {**values_of(policy), "seen": str(seen), **changes}


def test_changed_weight_becomes_a_new_version(site, together):
    ola = site.visitor(together.organiser)
    assert "What you save here is version 2" in text_of(ola.get(path(together)))

    answer = ola.post(path(together), fields(site, together, 1, **{"weight-topics": "9"}))

    assert answer.status_code == 303
    assert "Version 2 counts from now on." in text_of(ola.get(path(together)))
    assert "rare topics count more. Weight 9, before 3." in text_of(ola.get(f"{path(together)}/versions"))


def test_wrong_number_keeps_everything_typed(site, together):
    ola = site.visitor(together.organiser)
    sent = fields(site, together, 1, **{"weight-topics": "twelve", "line": "61"})

    answer = ola.post(path(together), sent)

    assert answer.status_code == 422
    assert 'value="twelve"' in answer.text
    assert 'value="61"' in answer.text
    assert 'href="#weight-topics"' in answer.text


def test_preview_tells_what_a_rule_would_do_and_stores_nothing(site, together):
    people(site, together, pairs=2)
    with site.open_session.begin() as session:
        enrolled(
            session,
            together.cycle_id,
            Role.MENTEE,
            name="Hans Hard",
            person={"languages": ("German",), "function": "Finance"},
        )
    ola = site.visitor(together.organiser)
    sent = fields(site, together, 2, rule=["shared_language"])

    whole = ola.post(f"{path(together)}/preview", sent)
    part = ola.client.post(
        f"{path(together)}/preview",
        data={**sent, "csrf_token": ola.token()},
        headers={"HX-Request": "true"},
    )

    for page in (whole, part):
        assert "2 of 3 can be placed at the same time." in text_of(page)
        assert "Who would have no option Hans Hard" in text_of(page)
    assert "<html" in whole.text
    assert "<html" not in part.text
    assert "What you save here is version 3" in text_of(ola.get(path(together)))


def test_preview_counts_whoever_signed_up_or_left_meanwhile(site, together):
    ids = people(site, together, pairs=2)
    ola = site.visitor(together.organiser)

    def tried() -> str:
        return text_of(ola.post(f"{path(together)}/preview", fields(site, together, 2)))

    assert "2 mentees and 2 places with 2 mentors." in tried()
    with site.open_session.begin() as session:
        enrolment.leave(session, cycle_id=together.cycle_id, person_id=ids["Mentor 0"], by=None, now=site.now)
    assert "2 mentees and a place with one mentor." in tried()
    with site.open_session.begin() as session:
        enrolled(session, together.cycle_id, Role.MENTOR, name="Mia More", capacity=3)
    assert "2 mentees and 4 places with 2 mentors." in tried()


def test_not_with_is_never_read_off_the_preview(site, together):
    ids = people(site, together, pairs=1)
    with site.open_session.begin() as session:
        enrolled(session, together.cycle_id, Role.MENTEE, name="Ada Apart", not_with=(ids["Mentor 0"],))

    page = site.visitor(together.organiser).post(
        f"{path(together)}/preview", fields(site, together, 2, rule=[])
    )

    assert "Ada Apart" not in text_of(page)
    assert "Nobody is left without any option." in text_of(page)


def test_second_organiser_is_told_and_loses_nothing(site, together):
    ola = site.visitor(together.organiser)
    ola.post(path(together), fields(site, together, 1, line="50"))

    answer = ola.post(path(together), fields(site, together, 1, line="70"))

    assert answer.status_code == 409
    assert "Somebody saved version 2 meanwhile." in text_of(answer)
    assert 'value="70"' in answer.text
    assert 'name="seen" value="2"' in answer.text


def test_earlier_version_is_used_again(site, together):
    ola = site.visitor(together.organiser)
    ola.post(path(together), fields(site, together, 1, line="50"))

    answer = ola.post(f"{path(together)}/versions/1")

    assert answer.status_code == 303
    page = text_of(ola.get(f"{path(together)}/versions"))
    assert "Version 1 counts again, as version 3." in page
    assert "Version 3 counts now" in page


def test_nobody_else_sees_or_changes_it(site, together):
    visitor = site.visitor(together.outsider)

    for address in (path(together), f"{path(together)}/versions"):
        assert visitor.get(address).status_code == 404
    for address in (path(together), f"{path(together)}/preview", f"{path(together)}/versions/1"):
        assert visitor.post(address).status_code == 404
