"""From an empty programme to publication with the samples of the UK Civil Service, by clicking only."""

import re
from pathlib import Path

import pytest

from tests.journeys.conftest import PHONE, Stage
from tests.journeys.people import Organiser
from tests.web.commands.test_civil_service import DATA, LARGE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not LARGE.is_dir(), reason=f"THE REAL SAMPLE IS NOT HERE: {LARGE} is missing"),
]
FREE = "Mon-Fri 09:00-17:00"


class Beginner(Organiser):
    """An organiser who sets a programme up and brings people in."""

    def makes_a_programme(self, name: str, pattern: str) -> None:
        self.opens("/organise")
        self.page.get_by_role("link", name="New programme", exact=True).click()
        self.page.get_by_role("radio", name=re.compile(pattern)).check(force=True)
        self.page.get_by_label("Name", exact=True).fill(name)
        self.presses("Create programme")

    def plans_and_opens_a_cycle(self) -> None:
        self.page.get_by_role("link", name="Plan a cycle").first.click()
        self.presses("Plan cycle")
        self.goes_to("Overview")
        self.presses("Open the sign-up")

    def goes_to(self, part: str) -> None:
        parts = self.page.get_by_role("navigation", name="Parts of this cycle")
        parts.get_by_role("link", name=part, exact=True).click()

    def hands_in(self, folder: Path, *names: str) -> None:
        self.goes_to("People")
        self.page.get_by_role("link", name="Bring people in").click()
        self.page.get_by_label("Choose one or several files").set_input_files(
            [str(folder / name) for name in names]
        )
        self.sees(" · ".join(names))
        self.presses("Read the files")

    def says_for_everybody(self, file: int, **values: str) -> None:
        for name, value in values.items():
            self.page.locator(f"#f{file}-same-{name}").fill(value)


@pytest.mark.parametrize(
    ("sample", "people", "last"),
    [
        ("small", "100", "mentor.49"),
        pytest.param("large", "1,000", "mentor.499", marks=pytest.mark.torture),
    ],
)
def test_from_an_empty_programme_to_the_introductions_by_clicking_only(
    stage: Stage, sample: str, people: str, last: str
) -> None:
    ola = Beginner(page=stage.window(), address="ola.organiser@example.org", slug=stage.slug)
    ola.signs_in_with(stage.link_for(stage.organiser))
    ola.makes_a_programme("Mentoring across departments", "Classic mentoring")
    ola.plans_and_opens_a_cycle()

    ola.hands_in(DATA / "civil-service" / sample, "mentees.csv", "mentors.csv")
    ola.sees("Recognised: UK Civil Service")
    assert ola.complaints_here() == []
    ola.says_for_everybody(0, hours=FREE)
    ola.says_for_everybody(1, hours=FREE, capacity="2")
    ola.presses("Look at what changes")
    ola.sees(f"{people} people are new.")
    assert ola.complaints_here() == []
    ola.presses("Import these people")
    ola.sees(f"{people} people are signed up by this import.")
    ola.page.get_by_label("Name, address, function, site").fill(last)
    ola.presses("Show")
    ola.sees(f"1 of {people} people")

    ola.goes_to("Overview")
    ola.presses("Close the sign-up and match")
    ola.waits_for_the_draft()
    ola.reviews_the_draft()
    ola.presses("Publish and introduce everybody")
    ola.sees("The introductions are on their way.")


def test_a_list_is_brought_in_on_a_phone_without_javascript_and_taken_back(stage: Stage) -> None:
    ola = Beginner(
        page=stage.window(size=PHONE, script=False), address="ola.organiser@example.org", slug=stage.slug
    )
    ola.signs_in_with(stage.link_for(stage.organiser))
    ola.opens_the_cycle("Spring")
    ola.goes_to("People")
    ola.page.get_by_role("link", name="Bring people in").click()
    german = "Vorname;Nachname;E-Mail;Rolle;Stufe\nTom;Ruf;tom.ruf@example.org;Mentee;Falke\n"
    ola.page.get_by_label("Choose one or several files").set_input_files(
        {"name": "liste.csv", "mimeType": "text/csv", "buffer": german.encode()}
    )
    ola.presses("Read the files")
    ola.sees_no_sideways_scrolling()
    ola.presses("Look at what changes")
    ola.sees("One person is new.")
    ola.sees_no_sideways_scrolling()
    ola.presses("Import these people")
    ola.sees("One person is signed up by this import.")
    ola.sees_no_sideways_scrolling()

    ola.page.get_by_role("link", name="Bring people in").click()
    ola.page.get_by_text("Take it back").click()
    ola.presses("Take the last import back")
    ola.sees("The import is taken back. One person is removed again.")


def test_files_are_dropped_on_the_page(stage: Stage) -> None:
    ola = Beginner(page=stage.window(), address="ola.organiser@example.org", slug=stage.slug)
    ola.signs_in_with(stage.link_for(stage.organiser))
    ola.opens_the_cycle("Spring")
    ola.goes_to("People")
    ola.page.get_by_role("link", name="Bring people in").click()
    dropped = ola.page.evaluate_handle(
        """() => {
          const files = new DataTransfer();
          files.items.add(new File(["email,name\\na@example.org,A\\n"], "one.csv"));
          files.items.add(new File(["email,name\\nb@example.org,B\\n"], "two.csv"));
          return files;
        }"""
    )
    ola.page.dispatch_event("[data-drop]", "drop", {"dataTransfer": dropped})
    ola.sees("one.csv · two.csv")
    ola.presses("Read the files")

    ola.sees("Which column is what")
    assert ola.page.get_by_role("heading", name=re.compile(r"^(one|two)\.csv$")).count() == 2
