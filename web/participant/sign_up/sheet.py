"""The sign-up form of one programme for one person: what is asked, what stands in it, what it still needs."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from matcher.domain.errors import NotFound, Problem
from matcher.domain.lifecycle import CycleState
from matcher.domain.people import Person, Role
from matcher.domain.policy.policy import Policy
from matcher.domain.sentences import TranslatableText, say
from matcher.domain.sign_up.form import AskedQuestions, FormSettings
from matcher.domain.sign_up.form_draft import Typed
from matcher.schemas.enrolment import SignUpSchema
from matcher.services.cycle import lists as cycle_lists
from matcher.services.cycle.lists import CycleLine, ProgrammeLine
from matcher.services.programme import topics
from matcher.services.sign_up import consents, enrolment, form_drafts
from matcher.services.sign_up.form_drafts import SavedForm
from matcher.services.sign_up.preview import outlook_of
from matcher.store.types import canonical
from web.clock import now
from web.database import save, session
from web.forms import Form, schema_input
from web.participant.sign_up import answers, view
from web.participant.sign_up.questions import title
from web.parts.words import day

OURS = frozenset({"csrf_token", "version", "window"})
NO_VERSION = ("", 0)


@dataclass(frozen=True, kw_only=True)
class PersonForm:
    """One programme's form for one person; what it asks of the database is asked once."""

    programme: ProgrammeLine
    cycle: CycleLine
    policy: Policy
    asked: AskedQuestions
    person: Person

    @property
    def slug(self) -> str:
        return self.programme.slug

    @property
    def open(self) -> bool:
        return self.cycle.state is CycleState.OPEN

    @property
    def monday(self) -> date:
        return view.monday_of(self.cycle.starts_on)

    @cached_property
    def known(self) -> Any:
        """The enrolment, or None."""
        return enrolment.of(session(), self.cycle.id, self.person.id)

    @cached_property
    def stored(self) -> Form:
        """The form as the answers that were sent fill it; only what is asked."""
        said = self.known.answers if self.known else None
        named = [*said.wishes, *said.not_with] if said else []
        addresses = cycle_lists.addresses_of(session(), named)
        form = view.stored(self.person, said, addresses, self.monday, self.asked.roles)
        return Form(values={name: texts for name, texts in form.values.items() if name in self.asked.fields})

    @property
    def lost(self) -> tuple[Role, ...]:
        """Roles this person signed up for that the programme does not have any more."""
        said = self.known.answers.roles if self.known else ()
        return tuple(role for role in said if role not in self.asked.roles)

    @cached_property
    def stamp(self) -> str:
        """Another one whenever the answers that were sent are others."""
        sent = canonical({name: texts for name, texts in self.stored.values.items() if any(texts)})
        return hashlib.sha256(sent.encode()).hexdigest()[:12]

    def begun(self) -> SavedForm | None:
        """The form as it was begun and not yet sent."""
        return form_drafts.of(session(), self.cycle.id, self.person.id)

    def schema(self) -> SignUpSchema:
        return SignUpSchema(self.asked)

    def unknown(self, sent: MultiDict[str, str]) -> list[str]:
        """Fields that this form does not have."""
        return [name for name in sent if name not in self.asked.fields | OURS]

    def keep(self, sent: MultiDict[str, str]) -> SavedForm:
        """Keep what was typed, beside what another window did meanwhile."""
        typed = Typed(texts=self.texts(sent), window=sent.get("window", "")[:40])
        stamp, version = seen_of(sent)
        elsewhere = self.known is not None and stamp not in {"", self.stamp}
        before = self.begun()
        kept = form_drafts.keep(
            session(),
            cycle_id=self.cycle.id,
            person_id=self.person.id,
            typed=typed,
            # Without a version the form was not made by a page of ours: it goes on from what there is.
            seen=version if stamp else before.version if before else 0,
            sent=Typed(texts=self.stored.values) if elsewhere else None,
            now=now(),
        )
        # A form never loses a word, even if it is refused.
        save()
        return kept

    def texts(self, sent: MultiDict[str, str]) -> dict[str, list[str]]:
        """What was sent, field by field, as typed; blanks are nothing."""
        typed = {name: texts for name, texts in sent.lists() if name in self.asked.fields}
        return {name: list(texts) for name, texts in typed.items() if any(text.strip() for text in texts)}

    def read(self, form: Form) -> dict[str, Any]:
        """Those answers that can be read already."""
        schema = self.schema()
        try:
            return asdict(schema.load(schema_input(as_sent(form), schema)))
        except ValidationError as error:
            return dict(error.valid_data) if isinstance(error.valid_data, dict) else {}

    def outlook(self, form: Form) -> tuple[TranslatableText, ...]:
        """What makes this person hard to match, as far as they have said."""
        return outlook_of(
            session(),
            cycle_id=self.cycle.id,
            person_id=self.person.id,
            said=self.read(form),
            policy=self.policy,
            monday=self.monday,
        )

    def progress(self, form: Form, kept: SavedForm | None) -> dict[str, Any]:
        """What the panel beside the form shows, and the version the form goes on from."""
        so_far = view.so_far(form, self.asked)
        return {
            "sheet": self,
            "saved_at": time_of(kept.saved_at, self.person.zone) if kept else "",
            "others": bool(kept and kept.typed.others),
            "progress": so_far,
            "missing": tuple((name, title(name)) for name in so_far.missing),
            "outlook": self.outlook(form),
            "version": f"{self.stamp}.{kept.version if kept else 0}",
        }

    def page(self, form: Form, kept: SavedForm | None) -> str:
        """The form."""
        circles = self.policy.circles.on
        offers = view.options(
            form,
            policy=self.policy,
            topics=topics.offered(self.programme.topics),
            duties=self.policy.duties if circles else (),
            used=cycle_lists.words_in_use(session()),
        )
        return render_template(
            "participant/sign_up/form.html",
            programme=self.programme,
            cycle=self.cycle,
            asked=self.asked,
            closes=day(self.cycle.closes_on),
            enrolled=self.known is not None,
            lost=view.lost(self.lost),
            form=form,
            window=form.one("window") or secrets.token_urlsafe(9),
            two_texts=answers.both(kept.typed.texts, kept.typed.others) if kept else (),
            begun=kept is not None,
            consent=consents.given(session(), self.cycle.id, self.person.id)
            if "identity" in self.asked
            else None,
            **self.progress(form, kept),
            **offers,
        )


def sheet_of(slug: str, person: Person) -> PersonForm:
    """The form of the programme at this address. Raises NotFound where there is none."""
    programme = cycle_lists.programme(session(), slug)
    if programme is None or programme.cycle is None:
        raise NotFound("")
    policy = policy_of(programme)
    return PersonForm(
        programme=programme,
        cycle=programme.cycle,
        policy=policy,
        asked=FormSettings.from_data(programme.form).asked(policy),
        person=person,
    )


def policy_of(programme: ProgrammeLine) -> Policy:
    """The newest policy of a programme."""
    return Policy.from_data(programme.policy) if programme.policy else Policy()


def seen_of(sent: MultiDict[str, str]) -> tuple[str, int]:
    """The version a form was typed on: the stamp of the answers, the number of the begun form."""
    stamp, _, number = request_version(sent).partition(".")
    return (stamp, int(number)) if number.isascii() and number.isdigit() and len(number) < 9 else NO_VERSION


def request_version(sent: Mapping[str, str]) -> str:
    return str(sent.get("version", ""))


def as_sent(form: Form) -> MultiDict[str, str]:
    """A form's values as a browser would send them."""
    return MultiDict((name, text) for name, texts in form.values.items() for text in texts)


def unknown_here(names: list[str]) -> tuple[Problem, ...]:
    """A problem for each field that is not asked."""
    return tuple(Problem(pointer=f"/{name}", sentence=say("This field is not known here.")) for name in names)


def time_of(when: datetime, zone: str) -> str:
    """The time on somebody's clock, as in "14:05"."""
    return f"{when.astimezone(ZoneInfo(zone)):%H:%M}"


def quietly() -> bool:
    """Whether a script saves in the background and wants only the panel back."""
    return request.headers.get("Evenhand-Quietly") == "yes"
