"""Answers as people read them: on the summary before sending, and where two windows said different things."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from matcher.domain.sign_up.form import QUESTIONS, AskedQuestions
from matcher.domain.sign_up.form_draft import as_one
from matcher.schemas.enrolment import SPAN
from matcher.services.programme.topics import name_in
from web.forms import Form
from web.language import _, current
from web.participant.sign_up.questions import title
from web.participant.sign_up.view import GRADE_WISHES, ROLES
from web.parts.week import days

CODED = frozenset({"roles", "hours", "topics_sought", "topics_offered", "languages"})
QUIET = frozenset({"identity_consent"})
PREFILLED = frozenset({"capacity", "mentors_wanted"})
FOR_ROLE = {
    "capacity": "mentor",
    "topics_offered": "mentor",
    "characteristics": "mentor",
    "mentors_wanted": "mentee",
    "topics_sought": "mentee",
    "grade_wish": "mentee",
    "identity_wish": "mentee",
    "duties_declined": "peer",
    "experienced": "peer",
}
"""Fields that only matter to somebody in this role."""


@dataclass(frozen=True, kw_only=True)
class AnswerLine:
    """One answer: the field it stands in, what it is called, what was said (empty: nothing)."""

    field: str
    title: str
    words: str


@dataclass(frozen=True, kw_only=True)
class TwoTexts:
    """What one field says here and what it says elsewhere."""

    field: str
    title: str
    here: str
    elsewhere: tuple[str, ...]


def lines(form: Form, asked: AskedQuestions) -> tuple[AnswerLine, ...]:
    """Every answer in the order of the form; what belongs to a role nobody chose is left out, if empty."""
    roles = set(form.values.get("roles", ()))
    names = [
        name
        for question in asked.asking
        for name in QUESTIONS[question].fields
        if name not in QUIET and not name.endswith("_own")
    ]
    told = (
        AnswerLine(field=name, title=title(name), words=words_of(name, all_texts(form.values, name)))
        for name in names
    )
    return tuple(line for line in told if _matters(line, roles))


def _matters(line: AnswerLine, roles: set[str]) -> bool:
    """What the role has, and whatever was said in another one: it would be sent too."""
    mine = line.field not in FOR_ROLE or FOR_ROLE[line.field] in roles
    return mine or bool(line.words and line.field not in PREFILLED)


def typed_lines(form: Form) -> tuple[AnswerLine, ...]:
    """Everything that was typed, where nothing is known of the form it was typed into."""
    known = [name for question in QUESTIONS.values() for name in question.fields if name not in QUIET]
    found = ((name, form.values.get(name, [])) for name in known)
    return tuple(
        AnswerLine(field=name, title=title(name.removesuffix("_own")), words=words_of(name, texts))
        for name, texts in found
        if words_of(name, texts)
    )


def changes(form: Form, stored: Form, asked: AskedQuestions) -> tuple[AnswerLine, ...]:
    """The answers that differ from those that were sent, as they were just typed."""
    before = {line.field: line.words for line in lines(stored, asked)}
    return tuple(line for line in lines(form, asked) if line.words and line.words != before.get(line.field))


def both(texts: Mapping[str, list[str]], others: Mapping[str, tuple[str, ...]]) -> tuple[TwoTexts, ...]:
    """The fields of which two windows said different things."""
    return tuple(
        TwoTexts(
            field=name.removesuffix("_own"),
            title=title(name.removesuffix("_own")),
            here=words_of(name, texts.get(name, [])) or _("nothing"),
            elsewhere=tuple(words_of(name, split(name, text)) or _("nothing") for text in said),
        )
        for name, said in others.items()
    )


def all_texts(values: Mapping[str, list[str]], name: str) -> list[str]:
    """What was ticked and what was written in own words."""
    own = [word for text in values.get(f"{name}_own", ()) for word in text.split(",")]
    return [*values.get(name, ()), *own]


def split(name: str, text: str) -> list[str]:
    """One text of several values as the values, where the form sends several."""
    return text.split(", ") if name in CODED or name.endswith("_own") else [text]


def words_of(name: str, texts: Iterable[str]) -> str:
    """The values of one field as a person reads them; empty where nothing is said."""
    given = [text.strip() for text in texts if text.strip()]
    if not given:
        return ""
    if name == "hours":
        return _hours(given)
    if name in NAMED:
        return current().listed([NAMED[name](one) for one in given])
    return "\n".join(given) if name == "goals" else as_one(given)


def _role(value: str) -> str:
    return next((_(name) for known, name, _says in ROLES if known == value), value)


NAMED: Mapping[str, Callable[[str], str]] = {
    "roles": _role,
    "topics_sought": lambda topic: name_in(current().language, topic),
    "topics_offered": lambda topic: name_in(current().language, topic),
    "grade_wish": lambda wish: _(dict(GRADE_WISHES).get(wish, wish)),
    "experienced": lambda _said: _("yes"),
    "identity_consent": lambda _said: _("yes"),
    "languages": _,
    "duties_declined": _,
}
"""How one value of a field that holds codes or words of a list is read."""


def _hours(values: list[str]) -> str:
    """Spans of a week as "Tuesday 9:00–12:00, 14:00–15:30; Friday …"."""
    busy: dict[int, list[tuple[int, int]]] = {}
    for span in sorted(filter(None, map(SPAN.fullmatch, values)), key=lambda one: one[0]):
        begin = 60 * int(span[2]) + int(span[3])
        end = begin + int(span[4])
        windows = busy.setdefault(int(span[1]), [])
        if windows and windows[-1][1] == begin:
            windows[-1] = (windows[-1][0], end)
        else:
            windows.append((begin, end))
    told = (f"{day} {', '.join(map(_window, busy[at]))}" for at, day in enumerate(days()) if at in busy)
    return "; ".join(told)


def _window(window: tuple[int, int]) -> str:
    begin, end = window
    return f"{begin // 60}:{begin % 60:02}–{end // 60}:{end % 60:02}"
