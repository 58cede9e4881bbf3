"""Everything the site knows of somebody, for themselves: to read, to take along, to have erased."""

import io
import zipfile

import flask
from flask import Blueprint, Response, current_app, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.services import audit
from matcher.services.privacy import erase as privacy_erase
from matcher.services.privacy import export as privacy_export
from matcher.store.engine import leave_no_traces
from web.account import my_data_view as pages
from web.account.identity import freshly_signed_in, is_fresh, me, nobody, signed_in
from web.clock import now
from web.database import KEY as DATABASE
from web.database import ring_after_commit, roll_back, session
from web.parts.words import moment

my_data = Blueprint("my_data", __name__, url_prefix="/my-data")
NAME = "evenhand-my-data"


@my_data.get("")
@signed_in
def index() -> str:
    gathered = privacy_export.gathered(session(), me().id)
    return render_template("account/my_data.html", parts=pages.parts(gathered, me().zone), fresh=is_fresh())


@my_data.post("/download")
@freshly_signed_in
def download() -> Response:
    gathered = privacy_export.gathered(session(), me().id)
    readable = render_template(
        "account/my_data_file.html",
        parts=pages.parts(gathered, me().zone),
        moment=moment,
        when=now(),
        zone=me().zone,
    )
    audit.append(session(), act="data taken along", about=me().id, by=me().id, now=now())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(f"{NAME}.json", gathered.to_json())
        file.writestr(f"{NAME}.html", readable)
    response = make_response(packed.getvalue())
    response.mimetype = "application/zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{NAME}-{now():%Y-%m-%d}.zip"'
    return response


@my_data.get("/erase")
@signed_in
def ask() -> str:
    hindered = privacy_erase.what_stands_in_the_way(session(), me().id)
    return render_template("account/erase.html", hindered=hindered, fresh=is_fresh())


@my_data.post("/erase")
@freshly_signed_in
def erase() -> AnyResponse:
    person = me()
    links = current_app.extensions["evenhand.links"]
    roll_back()
    # A transaction of its own: what it removed must also leave the database's files before we say so.
    with current_app.extensions[DATABASE]() as own, own.begin():
        privacy_erase.erase(own, person_id=person.id, now=now(), links=links)
        engine = own.get_bind()
    leave_no_traces(engine)
    ring_after_commit("mail", person.id)
    nobody()
    flask.session.clear()
    return redirect(url_for(".erased"), 303)


@my_data.get("/erased")
def erased() -> str:
    return render_template("account/erased.html")
