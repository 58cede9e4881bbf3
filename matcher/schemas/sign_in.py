"""Signing in: an address first, then a link or a code from the mail."""

import re
from typing import Any

from marshmallow import Schema, ValidationError

from matcher.domain.sentences import say
from matcher.schemas.fields import MailAddress, Strict

CODE = re.compile(r"[0-9]{8}", re.ASCII)


class Code(Strict[str]):
    """Eight digits; blanks and dashes between them do no harm."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(error_messages={"required": say("Enter the eight digits from the mail.")}, **kwargs)

    def read(self, value: Any) -> str:
        text = re.sub(r"[\s-]", "", value) if isinstance(value, str) else ""
        if not CODE.fullmatch(text):
            raise ValidationError(say("The code in the mail has eight digits. Enter all of them."))
        return text


class AskSchema(Schema):
    """Who would like a sign-in mail."""

    email = MailAddress(required=True)


class CodeSchema(Schema):
    """The second way in: the code, for whom the link does not work."""

    email = MailAddress(required=True)
    code = Code(required=True)
