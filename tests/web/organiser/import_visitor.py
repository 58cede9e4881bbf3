"""An organiser at the desk where people come in, as a browser would send it."""

import io
import re
from html import unescape

from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from tests.web.visitors import text_of


def posted(visitor, path, token, files):
    """Send files as a browser does, without a file on the disk of this side."""
    parts = [("csrf_token", token), *(("files", FileStorage(io.BytesIO(data), name)) for data, name in files)]
    boundary, body = encode_multipart(MultiDict(parts))
    kind = f"multipart/form-data; boundary={boundary}"
    return visitor.client.post(path, data=body, content_type=kind)


class Desk:
    """An organiser at the page on which people come in."""

    def __init__(self, site, together):
        self.site, self.together = site, together
        self.visitor = site.visitor(together.organiser)
        self.base = f"/organise/{together.cycle_id}"
        self.at = ""

    def hands_in(self, *files, to="bring-in"):
        sent = [
            (data if isinstance(data, bytes) else data.encode(), name) for data, name in map(reversed, files)
        ]
        answer = posted(self.visitor, f"{self.base}/{to}", self.visitor.token(), sent)
        self.at = answer.headers.get("Location", "")
        return answer

    def form(self):
        """What the page of columns would send if nothing were touched."""
        page = self.visitor.get(self.at).text
        selects = re.findall(r'<select[^>]* name="(f\d[^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL)
        chosen = {name: re.search(r'value="([^"]*)" selected', inner) for name, inner in selects}
        areas = re.findall(r'<textarea[^>]*? name="(f\d[^"]*)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
        inputs = re.findall(r'<input id="(f\d[^"]*)"[^>]*?value="([^"]*)"', page)
        said = {name: found[1] if found else "" for name, found in chosen.items()}
        return {name: unescape(text) for name, text in {**said, **dict(areas), **dict(inputs)}.items()}

    def chooses(self, **fields):
        touched = {name.replace("_", "-"): value for name, value in fields.items()}
        return self.visitor.post(self.at, {**self.form(), **touched})

    def sees(self):
        return text_of(self.visitor.get(f"{self.at}/check"))

    def confirms(self):
        found = re.search(r'name="seen_hash" value="(\w+)"', self.visitor.get(f"{self.at}/check").text)
        return self.visitor.post(f"{self.at}/confirm", {"seen_hash": found[1] if found else ""})

    def count(self, table):
        with self.site.open_session() as session:
            return session.scalar(select(func.count()).select_from(table))
