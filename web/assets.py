"""Files that never change under their address: named by what they hold, packed for the way, kept for a year.

Only files are packed. Pages carry secrets beside what a visitor sent, and the length of a packed answer would
tell one from the other (the BREACH attack, CVE-2013-3587).
"""

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request

A_YEAR = 365 * 24 * 60 * 60
LEAST_PACKED = 1_000
"""Bytes below which packing costs more than it saves."""
TEXTS = ("text/", "application/javascript", "image/svg+xml", "application/json")


def register(app: Flask) -> None:
    """Give addresses of files the mark of their contents, and pack what is text."""
    app.url_defaults(mark)
    app.after_request(pack)


def mark(endpoint: str, values: dict[str, Any]) -> None:
    """Add `v`, which changes with the file, so that a browser may keep it for a year."""
    if endpoint != "static" or "v" in values:
        return
    path = Path(current_app.static_folder or "") / str(values.get("filename", ""))
    if path.is_file():
        values["v"] = digest(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=512)
def digest(path: Path, _changed_ns: int) -> str:
    """Ten hex digits of what the file holds."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def pack(response: Response) -> Response:
    """Send a file packed to a browser that reads it so."""
    if request.endpoint != "static":
        return response
    if response.status_code == 200 and "v" in request.args:
        response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    if response.status_code != 200 or not (response.mimetype or "").startswith(TEXTS):
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"] or (response.content_length or 0) < LEAST_PACKED:
        return response
    response.direct_passthrough = False
    response.set_data(packed(response.get_data()))
    response.headers["Content-Encoding"] = "gzip"
    # The same file in other bytes: a weak mark says so.
    response.set_etag(response.get_etag()[0] or "", weak=True)
    return response


@lru_cache(maxsize=64)
def packed(content: bytes) -> bytes:
    """The content as gzip, without a time in it: equal files are equal answers."""
    return gzip.compress(content, 6, mtime=0)
