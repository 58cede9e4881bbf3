"""The reader's language: chosen once for each request, from their account, their cookie or their browser."""

from uuid import UUID

from flask import Blueprint, Flask, Response, current_app, g, has_request_context, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from matcher.services.account import people
from matcher.translations.catalogue import LANGUAGES, SOURCE, Catalogue, Catalogues, catalogue
from matcher.translations.templates import teach
from web.account.identity import here, is_own_path
from web.database import session

KEY = "evenhand.catalogues"
COOKIE = "language"
A_YEAR = 365 * 24 * 60 * 60
WORDLESS = {"static", "home.healthz", "home.readyz"}
"""Files, and what only machines read: nobody is asked for."""

language = Blueprint("language", __name__)


def register(app: Flask, catalogues: Catalogues = catalogue) -> None:
    """Teach the templates to speak; `catalogues` gives the catalogue of each of LANGUAGES."""
    app.extensions[KEY] = catalogues
    teach(app.jinja_env, current)
    app.jinja_env.globals.update(in_words=in_words, site_languages=LANGUAGES, page_language=page_language)
    app.register_blueprint(language)
    app.before_request(listen)
    app.after_request(mark)


def listen() -> None:
    """Settle the language before the view writes: asking who is here is a short transaction of its own."""
    if request.endpoint not in WORDLESS:
        current()


def current() -> Catalogue:
    """The catalogue of this request; English where nobody asked."""
    if not has_request_context():
        return catalogue(SOURCE)
    if "catalogue" not in g:
        g.catalogue = current_app.extensions[KEY](chosen())
    found: Catalogue = g.catalogue
    return found


def chosen() -> str:
    """The language of this request: the account's, else the cookie's, else the best the browser names."""
    person = here()
    # "de-CH" before "en" means German: the region does not matter to us.
    browser = [tag.partition("-")[0].lower() for tag in request.accept_languages.values()]
    wishes = (person.locale if person else None, request.cookies.get(COOKIE), *browser)
    return next((wish for wish in wishes if wish in LANGUAGES), SOURCE)


def remember_language(person_id: UUID) -> None:
    """Who signs in from a page that is not in English gets their mails in its language, until they choose."""
    spoken = page_language()
    if spoken != SOURCE and people.of(session(), person_id).locale is None:
        people.update(session(), person_id, locale=spoken)


def gettext(one: str, **values: object) -> str:
    """The sentence in the reader's language, with `%(name)s` for each value; a per cent sign is doubled."""
    return current().text(one, **values)


_ = gettext


def ngettext(one: str, several: str, num: int, **values: object) -> str:
    """The sentence for this number of things, which may use `%(num)s`."""
    return current().many(one, several, num, **values)


def N_(text: str) -> str:  # noqa: N802 (the name every catalogue tool knows)
    """Mark a text that stands outside a request; `_()` translates it where it is shown."""
    return text


def in_words(sentence: str) -> str:
    """A sentence from below the web in the reader's language; whatever else it is given stays as it is."""
    return current().words(sentence)


def page_language() -> str:
    """The language this page is in, as its `lang` says."""
    return current().language


def mark(response: Response) -> Response:
    """Say which language a page is in, and what it depended on."""
    if response.mimetype == "text/html" and request.endpoint not in WORDLESS:
        response.headers.setdefault("Content-Language", current().language)
        response.vary.update(["Cookie", "Accept-Language"])
    return response


@language.post("/language")
def choose() -> AnyResponse:
    """Speak this language from now on: in this browser, and to this person everywhere."""
    wanted, back = request.form.get("language", ""), request.form.get("next", "")
    answer = redirect(back if is_own_path(back) else "/", 303)
    if wanted in LANGUAGES:
        person = here()
        if person is not None:
            people.update(session(), person.id, locale=wanted)
        secure = current_app.config["SESSION_COOKIE_SECURE"]
        answer.set_cookie(COOKIE, wanted, max_age=A_YEAR, secure=secure, httponly=True, samesite="Lax")
    return answer
