"""The composition root builds nothing at import, and never lets OR-Tools into the web process."""

import base64
import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import web

STATIC = Path(web.__file__).parent / "static"
VENDORED = (
    (STATIC / "vendor/htmx/htmx-4.0.1.min.js", STATIC / "vendor/README.md"),
    (STATIC / "vendor/vega/vega-6.4.0.min.js", STATIC / "vendor/README.md"),
    (STATIC / "vendor/vega/vega-lite-6.4.3.min.js", STATIC / "vendor/README.md"),
    (STATIC / "vendor/vega/vega-embed-7.3.0.min.js", STATIC / "vendor/README.md"),
    (
        Path(__file__).parents[1] / "vendor/axe/axe-4.14.1.min.js",
        Path(__file__).parents[1] / "vendor/README.md",
    ),
)

FRESH = """
import sys
from web.app import create_app
assert "ortools" not in sys.modules and "faker" not in sys.modules
from web.config import Config
app = create_app(Config(database_url="sqlite://", secret_key="k" * 32, base_url="http://localhost"))
assert app.test_client().get("/healthz").data == b"ok\\n"
heavy = sorted({name.split(".")[0] for name in sys.modules} & {"ortools", "pandas", "faker"})
print(heavy)
"""


def test_the_web_process_never_loads_the_solver_library():
    ran = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stdout) == (0, "[]\n"), ran.stderr


@pytest.mark.parametrize(("file", "readme"), VENDORED, ids=["htmx", "vega", "vega-lite", "vega-embed", "axe"])
def test_what_is_vendored_is_what_was_pinned(file, readme):
    digest = base64.b64encode(hashlib.sha384(file.read_bytes()).digest()).decode()

    assert f"`{file.parent.name}/{file.name}`" in readme.read_text()
    assert f"`sha384-{digest}`" in readme.read_text()
    assert min(licence.stat().st_size for licence in file.parent.glob("LICENSE*")) > 500


def test_pages_ask_for_what_is_vendored_by_its_hash():
    told = (STATIC / "vendor/README.md").read_text()
    pinned = dict(re.findall(r"^\| `([^`]+)` .*`(sha384-[\w+/=]+)` \|$", told, flags=re.MULTILINE))
    pages = "".join(page.read_text() for page in (STATIC.parent / "templates").rglob("*.html"))

    asked = re.findall(r"filename='vendor/([^']+)'\) \}\}\"\s+integrity=\"([^\"]+)\"", pages)

    assert dict(asked) == pinned
    assert len(asked) == pages.count("filename='vendor/")


def test_the_site_says_that_it_is_well_and_that_its_database_is(site):
    healthy, ready = site.visitor().get("/healthz"), site.visitor().get("/readyz")

    assert (healthy.status_code, healthy.text) == (200, "ok\n")
    assert (ready.status_code, ready.text) == (200, "ready\n")
