"""Everything the site knows of somebody, for themselves: to read, to take along, to have erased."""

from flask import Blueprint

my_data = Blueprint("my_data", __name__, url_prefix="/my-data")


@my_data.get("")
def index() -> str:
    return ""
