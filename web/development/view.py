"""What the living page of components shows: every part once, with harmless words."""

from dataclasses import dataclass

from matcher.domain.errors import Problem
from web.forms import Form

TOKENS = (
    ("paper", "surface", "sunken", "line", "edge"),
    ("ink", "ink-soft", "accent", "accent-strong", "accent-soft"),
    ("warm", "warm-soft", "good", "good-soft", "stop", "stop-soft"),
)


@dataclass(frozen=True, kw_only=True)
class SampleStop:
    """A stop of the road, as pictures.road shows it."""

    name: str
    when: str
    place: str


ROAD = (
    SampleStop(name="Sign-up", when="until 12 March", place="past"),
    SampleStop(name="Matching", when="15 March", place="now"),
    SampleStop(name="Introductions", when="16 March", place=""),
)

GOOD_FORM = Form(values={"name": ["Lena Brandt"], "topics": ["Data"], "level": ["two"]})
WRONG_FORM = Form(
    values={"mail": ["lena@"]},
    problems=(
        Problem(
            pointer="/mail", sentence="This is no e-mail address yet. It needs a name, an @ and a place."
        ),
    ),
)
LEVELS = (("one", "One step further on"), ("two", "Two steps further on"))
