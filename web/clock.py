"""The request's time: one for the whole request, from the clock the app was built with."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask, current_app, g

Clock = Callable[[], datetime]
KEY = "evenhand.clock"


def register(app: Flask, clock: Clock) -> None:
    """Give the app its clock."""
    app.extensions[KEY] = clock


def now() -> datetime:
    """When this request began to be answered, UTC."""
    if "now" not in g:
        g.now = current_app.extensions[KEY]()
    moment: datetime = g.now
    return moment
