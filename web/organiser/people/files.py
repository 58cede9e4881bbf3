"""Files that arrive: room for them on these addresses alone, and a sentence where they are too large."""

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from matcher.services.imports.files import SourceFile
from matcher.services.imports.uploads import MOST_TOGETHER
from web import errors
from web.account.identity import here
from web.language import _

ROOM_FOR_THE_FORM = 64 * 1024


def make_room(blueprint: Blueprint, endpoint: str) -> None:
    """Let who is signed in send files to this endpoint; everything else keeps the limit of all forms."""

    def room(_endpoint: str | None, _values: object) -> None:
        # Before anything reads the form: the check against forged requests does.
        if request.method == "POST" and request.endpoint == f"{blueprint.name}.{endpoint}" and here():
            request.max_content_length = MOST_TOGETHER + ROOM_FOR_THE_FORM

    blueprint.url_value_preprocessor(room)
    blueprint.register_error_handler(RequestEntityTooLarge, too_large)


def too_large(_error: RequestEntityTooLarge) -> Response:
    """413 that says how much fits."""
    return errors.page(413, _("Files of more than 10 MB together are not taken. Split them, please."))


def sent(name: str = "files") -> list[SourceFile]:
    """The files of this request."""
    handed = []
    for one in request.files.getlist(name):
        with one.stream:
            if one.filename:
                handed.append(SourceFile(name=one.filename, data=one.read()))
    return handed
