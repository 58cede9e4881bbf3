"""The questions of the sign-up form in words: what is asked, what for, and who sees it."""

from dataclasses import dataclass

from matcher.domain.sign_up.form import AskedQuestions
from web.language import N_, _
from web.parts.words import listed, upper_first

TITLES = {
    "roles": N_("how you take part"),
    "capacity": N_("most mentees at once"),
    "mentors_wanted": N_("how many mentors you would like"),
    "most_load": N_("how much at most"),
    "topics": N_("topics"),
    "topics_sought": N_("what you would like to learn"),
    "topics_offered": N_("what you can help with"),
    "goals": N_("goals"),
    "hours": N_("hours"),
    "zone": N_("time zone"),
    "name": N_("name"),
    "function": N_("function"),
    "department": N_("department"),
    "site": N_("site"),
    "grade": N_("level"),
    "grade_wish": N_("level of your mentor"),
    "languages": N_("languages"),
    "wishes": N_("“I would like to meet …”"),
    "not_with": N_("“Please not with …”"),
    "duties": N_("duties you would rather not take"),
    "duties_declined": N_("duties you would rather not take"),
    "experienced": N_("experience with leading a group"),
    "identity": N_("something you share with your mentor"),
    "identity_wish": N_("what you would like to share with your mentor"),
    "characteristics": N_("what you are, as a mentor"),
    "identity_consent": N_("your yes to using it"),
}
"""What each question and each field is called in lists and summaries."""


@dataclass(frozen=True, kw_only=True)
class Purpose:
    """Questions with one reason, and who reads the answers."""

    questions: tuple[str, ...]
    why: str
    who: str


PURPOSES = (
    Purpose(
        questions=("name", "function", "department", "site", "grade"),
        why=N_("to find somebody you do not meet anyway"),
        who=N_("organisers; your match, once published"),
    ),
    Purpose(
        questions=("roles", "capacity", "mentors_wanted", "most_load"),
        why=N_("so that nobody gets more than they want"),
        who=N_("organisers"),
    ),
    Purpose(
        questions=("topics", "goals"),
        why=N_("to find somebody who can help, or whom you can help"),
        who=N_("organisers; your match"),
    ),
    Purpose(
        questions=("grade_wish",),
        why=N_("a mentor on that level makes a pair better"),
        who=N_("organisers; your match reads whether it fits"),
    ),
    Purpose(
        questions=("hours", "zone"),
        why=N_("so that you can meet at all"),
        who=N_("organisers; your match sees only the hours you share"),
    ),
    Purpose(questions=("languages",), why=N_("so that you can talk"), who=N_("organisers; your match")),
    Purpose(
        questions=("wishes",),
        why=N_("a wish makes a pair better"),
        who=N_("nobody; organisers see how many there are"),
    ),
    Purpose(
        questions=("not_with",),
        why=N_("it will simply not happen"),
        who=N_("nobody; organisers see “blocked”, without names"),
    ),
    Purpose(
        questions=("duties", "experienced"),
        why=N_("so that the duties of a circle go round fairly"),
        who=N_("organisers; your circle sees who has which duty"),
    ),
    Purpose(
        questions=("identity",),
        why=N_("only if you like, and only with your own yes"),
        who=N_("nobody; you can take it back at any time, and it is deleted at once"),
    ),
)


@dataclass(frozen=True, kw_only=True)
class AskedLine:
    """One row of "what we ask": what, what for, who sees it, and which of it must be answered."""

    what: str
    why: str
    who: str
    needed: str


def asked_lines(asked: AskedQuestions) -> tuple[AskedLine, ...]:
    """A row for each purpose of which this programme asks anything."""
    rows = []
    for purpose in PURPOSES:
        names = [name for name in purpose.questions if name in asked]
        if names:
            rows.append(_line(purpose, names, [name for name in names if asked.needs(name)]))
    return tuple(rows)


def title(name: str) -> str:
    """What a question or field is called, at the start of a line."""
    return upper_first(_(TITLES.get(name, name)))


def _line(purpose: Purpose, names: list[str], needed: list[str]) -> AskedLine:
    what = listed([_(TITLES[name]) for name in names])
    if not needed:
        tag = _("your choice")
    elif len(needed) == len(names):
        tag = _("needed")
    else:
        tag = _("needed: %(names)s", names=listed([_(TITLES[name]) for name in needed]))
    return AskedLine(what=upper_first(what), why=_(purpose.why), who=_(purpose.who), needed=tag)
