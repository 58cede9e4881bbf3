"""Files are kept for a year under an address that changes with them, and packed on the way."""

import gzip
import re

SHEET = re.compile(r'href="(/static/css/page\.css\?v=\w+)"')


def address_of_the_sheet(visitor) -> str:
    return SHEET.search(visitor.get("/").text)[1]


def fetched(visitor, address: str, **headers: str):
    """The whole answer, its file closed."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    with visitor.client.get(address, headers=sent) as answer:
        answer.get_data()
    return answer


def test_a_file_is_kept_for_a_year_under_its_own_mark(site):
    visitor = site.visitor()

    answer = fetched(visitor, address_of_the_sheet(visitor))

    assert (answer.status_code, answer.headers["Cache-Control"]) == (
        200,
        "public, max-age=31536000, immutable",
    )


def test_a_file_without_its_mark_is_asked_for_again(site):
    assert "max-age=31536000" not in fetched(site.visitor(), "/static/css/page.css").headers["Cache-Control"]


def test_files_are_packed_for_who_reads_packed_files(site):
    visitor = site.visitor()
    address = address_of_the_sheet(visitor)
    plain = fetched(visitor, address)

    packed = fetched(visitor, address, Accept_Encoding="gzip")

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 2
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_a_packed_file_that_did_not_change_is_not_sent_again(site):
    visitor = site.visitor()
    address = address_of_the_sheet(visitor)
    packed = fetched(visitor, address, Accept_Encoding="gzip")

    again = fetched(visitor, address, Accept_Encoding="gzip", If_None_Match=packed.headers["ETag"])

    assert (again.status_code, again.data) == (304, b"")


def test_pages_are_not_packed(site):
    # Their length would tell something about the secrets in them.
    answer = site.visitor().client.get("/", headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in answer.headers
