"""What every answer carries so that a browser refuses what we did not write (OWASP ASVS 5.0, V3)."""

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from flask_wtf import CSRFProtect
from werkzeug.exceptions import RequestEntityTooLarge

from web.config import Config

MOST_BODY = 256 * 1024
MOST_FIELDS = 1_000

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    # Not "no-referrer": the check against forged requests compares the referrer on https.
    "Referrer-Policy": "same-origin",
}

POLICY = {
    "default-src": "'none'",
    "script-src": "'nonce-{nonce}'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def register(app: Flask, config: Config) -> None:
    """Limits, cookies, headers and the token on every unsafe request."""
    app.config.update(
        SECRET_KEY=config.secret_key,
        TRUSTED_HOSTS=list(config.hosts),
        MAX_CONTENT_LENGTH=MOST_BODY,
        MAX_FORM_MEMORY_SIZE=MOST_BODY,
        MAX_FORM_PARTS=MOST_FIELDS,
        SESSION_COOKIE_NAME="__Host-evenhand" if config.secure else "evenhand",
        SESSION_COOKIE_SECURE=config.secure,
        SESSION_COOKIE_HTTPONLY=True,
        # Lax, not Strict: the link in the sign-in mail must find the page people were on.
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PREFERRED_URL_SCHEME=urlsplit(config.base_url).scheme,
        # The token lives as long as the sign-in: a page left open over lunch still saves.
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.before_request(refuse_many_fields)
    CSRFProtect(app)
    app.after_request(guard)
    app.context_processor(lambda: {"nonce": nonce})


def nonce() -> str:
    """The number of this answer; a script without it does not run."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def refuse_many_fields() -> None:
    """Answer 413 to more fields than any form here has: url-encoded bodies escape the parser's own limit."""
    if request.method == "POST" and sum(map(len, request.form.listvalues())) > MOST_FIELDS:
        raise RequestEntityTooLarge


def guard(response: Response) -> Response:
    """Add the headers; a page that sets its own policy (a framed mail) keeps it."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    policy = "; ".join(f"{name} {value}" for name, value in POLICY.items()).format(nonce=nonce())
    response.headers.setdefault("Content-Security-Policy", policy)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response
