"""The people of the stories: what they do on the site, in their own words."""

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

AXE = (Path(__file__).parents[1] / "vendor/axe/axe-4.14.1.min.js").read_text()
PATIENCE_MS = 30_000
MATCH_MS = 75_000
"""Longer than the minute after which the sweeper makes good a lost ring."""


@dataclass(kw_only=True)
class Somebody:
    """A person with a browser window."""

    page: Page
    address: str
    slug: str

    def asks_for_a_link(self) -> None:
        self.page.goto("/sign-in")
        self.page.get_by_label("Your work e-mail address").fill(self.address)
        self.page.get_by_role("button", name="Send me the link").click()
        expect(self.page.get_by_role("heading", name="Look into your mail")).to_be_visible()

    def follows_the_link_of_the_mail(self) -> None:
        self.page.goto("/dev/inbox")
        self.page.locator("#letters").get_by_role("link", name=re.compile("sign", re.I)).first.click()
        self.page.locator("pre a[href*='/sign-in/']").first.click()
        self.presses("Sign in")
        expect(self.page.get_by_text("You are signed in.")).to_be_visible()

    def signs_in_with(self, link: str) -> None:
        self.page.goto(link)
        self.presses("Sign in")

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def here(self) -> str:
        """The address of the page that is open."""
        return self.page.url

    def opens(self, path: str) -> None:
        self.page.goto(path)

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=PATIENCE_MS)

    def finds_every_page_accessible(self, *paths: str) -> None:
        """axe-core finds nothing to complain of on these pages."""
        assert {path: self.complaints_about(path) for path in paths} == {path: [] for path in paths}

    def complaints_about(self, path: str) -> list[str]:
        self.page.goto(path)
        return self.complaints_here()

    def complaints_here(self) -> list[str]:
        self.page.evaluate(AXE)
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {one['help']} {node['target']}"
            for one in found["violations"]
            for node in one["nodes"]
        ]

    def sees_no_sideways_scrolling(self) -> None:
        width = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width[0] <= width[1], f"The page is {width[0]} wide in a window of {width[1]}."


class Participant(Somebody):
    """Somebody who signs up and later looks at their match."""

    def opens_the_sign_up_form(self) -> None:
        self.opens(f"/c/{self.slug}")
        self.page.get_by_role("link", name="Sign up", exact=True).click()

    def chooses(self, *names: str) -> None:
        for name in names:
            self.page.get_by_role("checkbox", name=re.compile(f"^{name}")).first.check(force=True)

    def wants_to_learn(self, *topics: str) -> None:
        group = self.page.get_by_role("group", name="What you would like to learn")
        for topic in topics:
            group.get_by_role("checkbox", name=topic).check(force=True)

    def is_free(self, day: str, *hours: int) -> None:
        for hour in hours:
            self.page.get_by_role("checkbox", name=f"{day} {hour}:00 to").check(force=True)

    def writes(self, field: str, text: str) -> None:
        self.page.get_by_label(field).fill(text)

    def opens_my_match(self) -> None:
        self.opens(f"/c/{self.slug}/my-match")


class Organiser(Somebody):
    """Somebody who runs the cycle."""

    def opens_the_cycle(self, name: str) -> None:
        self.opens("/organise")
        self.page.get_by_role("link", name=name).click()

    def waits_for_the_draft(self) -> None:
        expect(self.page.get_by_role("heading", name="The match is ready")).to_be_visible(timeout=MATCH_MS)

    def reviews_the_draft(self) -> None:
        self.page.get_by_role("link", name="Review the draft").click()
        expect(self.page.get_by_role("heading", name=re.compile("^Draft of"))).to_be_visible()
