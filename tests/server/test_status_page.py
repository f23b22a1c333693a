"""The status page: figures in both languages, for this machine, asking nobody."""

import re
from html.parser import HTMLParser

import pytest
import sqlalchemy as sa
from campaign import Sender, body_at, verified
from flask.testing import FlaskClient

from server.bureau import Bureau
from server.database import reading
from server.tally.measures import MEASURE_NAMES
from server.tally.query import TallyQuery
from server.tally.tally import take_tally

PLACE = "http://127.0.0.1:8470"


class Page(HTMLParser):
    """Tables as rows of cells, and every address that the page names."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._is_in_cell = False
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [v or "" for name, v in attrs if name in ("href", "src")]
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self._is_in_cell = True
            self.tables[-1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._is_in_cell = self._is_in_cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self._is_in_cell:
            self.tables[-1][-1][-1] += data.strip()


def page(http: FlaskClient, path: str = "/") -> Page:
    response = http.get(path, base_url=PLACE)
    assert response.status_code == 200
    return Page(response.text)


@pytest.fixture
def campaign(any_bureau: Bureau) -> None:
    for number, unit in ((1, "360734"), (2, "3607-RJ")):
        sender = Sender.enrol(any_bureau, number, unit)
        sender.observe()
        sender.observe(synthetic=True, note="<script>alert(1)</script>")
        sender.push()


@pytest.mark.usefixtures("campaign")
def test_both_tables_show_every_row_of_the_tally(
    any_http: FlaskClient, any_bureau: Bureau
) -> None:
    """Lesson 29: the page's figures are the tally's, from the same query object."""
    county, unit = page(any_http).tables
    with reading(any_bureau.engine) as connection:
        tally = take_tally(connection, TallyQuery(by=("county",)))
    assert len(county) == 2 + 21 + 1
    assert len(unit) == 2 + 20 + 1
    parts = ["unsure_observations", "synthetic_observations", "synthetic_acts"]
    names = [*MEASURE_NAMES, *parts]
    for cells, row in zip(county[2:-1], tally.rows, strict=True):
        assert cells[1:] == [str(row.figures[name]) for name in names]
    assert county[-1][1:] == unit[-1][1:] == [str(tally.total[n]) for n in names]


@pytest.mark.usefixtures("campaign")
def test_synthetic_figures_are_marked_above_beside_and_in_their_rows(
    any_http: FlaskClient,
) -> None:
    for language, words in (("zh", "含合成"), ("en", "synthetic")):
        text = any_http.get(f"/?lang={language}", base_url=PLACE).text
        assert 'class="synthetic notice"' in text
        marked = [row[0] for row in Page(text).tables[0] if words in row[0]]
        assert marked == [f"360734 寻乌县{words}"]


def test_positions_too_near_a_county_border_are_counted_on_the_page(
    any_http: FlaskClient, any_bureau: Bureau
) -> None:
    """In 安远, less than 700 m from 寻乌: counted in the one, possibly in the other."""
    sender = Sender.enrol(any_bureau, 1, "360734")
    site = body_at(115.456, 24.95)["site"]
    site["fix"] |= {"radius95_m": 12.0, "datum": "WGS84"}
    sender.observe()
    sender.observe(site=site)
    sender.push()
    chinese = any_http.get("/", base_url=PLACE).text
    english = any_http.get("/?lang=en", base_url=PLACE).text
    assert "检查记录 2 条，其中 1 条距县界过近或位置不可靠。" in chinese
    assert "1 of them too near a county border, or their position unsure." in english
    rows = {row[0]: row for row in Page(chinese).tables[0][2:]}
    columns = [*MEASURE_NAMES, "unsure_observations"]
    at = 1 + columns.index("unsure_observations")
    assert [rows[name][at] for name in ("360726 安远县", "360734 寻乌县")] == [
        "1",
        "0",
    ]
    assert verified(any_bureau).faults == []


def test_without_synthetic_data_nothing_is_marked(any_http: FlaskClient) -> None:
    response = any_http.get("/", base_url=PLACE)
    assert response.status_code == 200
    assert "notice" not in response.text


def test_the_page_is_chinese_first_and_switches_to_english(
    any_http: FlaskClient,
) -> None:
    chinese = any_http.get("/", base_url=PLACE).text
    english = any_http.get("/?lang=en", base_url=PLACE).text
    assert '<html lang="zh-CN">' in chinese
    assert "按执法单位" in chinese
    assert '<html lang="en">' in english
    assert "By enforcement unit" in english
    above = english.split("<table>")[0].replace("中文", "").replace("寻乌县局", "")
    assert not re.search("[一-鿿]", above)
    assert any_http.get("/?lang=fr", base_url=PLACE).text == chinese


@pytest.mark.usefixtures("campaign")
def test_the_page_asks_nobody_for_anything_and_runs_no_script(
    any_http: FlaskClient,
) -> None:
    found = page(any_http)
    assert all(address.startswith("/") for address in found.addresses)
    assert all(not address.startswith("//") for address in found.addresses)
    assert not {"script", "iframe", "img", "form"} & set(found.tags)
    for address in found.addresses:
        assert any_http.get(address, base_url=PLACE).status_code == 200
    css = any_http.get("/status.css", base_url=PLACE)
    assert css.mimetype == "text/css"
    assert "url(" not in css.text
    assert "@import" not in css.text


@pytest.mark.parametrize("path", ["/", "/status.css"])
def test_only_this_machine_without_a_proxy_sees_it(
    any_http: FlaskClient, path: str
) -> None:
    far = {"REMOTE_ADDR": "10.0.0.9"}
    assert any_http.get(path, base_url=PLACE, environ_overrides=far).status_code == 403
    proxied = {"X-Forwarded-For": "10.0.0.9"}
    assert any_http.get(path, base_url=PLACE, headers=proxied).status_code == 403


def test_the_number_of_statements_does_not_grow_with_the_records(
    any_http: FlaskClient, any_bureau: Bureau
) -> None:
    """Lesson 35: N+1 queries (Mergin server#617)."""
    statements: list[str] = []
    sa.event.listen(
        any_bureau.engine,
        "before_cursor_execute",
        lambda _c, _u, statement, *_rest: statements.append(statement),
    )
    sender = Sender.enrol(any_bureau, 1, "360734")
    counts = []
    for n in (1, 12):
        for _ in range(n):
            sender.observe()
        sender.push()
        statements.clear()
        page(any_http)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 30


def test_records_that_do_not_count_are_named_too(
    any_http: FlaskClient, any_bureau: Bureau
) -> None:
    """Lesson 28: every view says "n of N"."""
    sender = Sender.enrol(any_bureau, 1, "360734")
    sender.observe(unit_code="360702")
    sender.seal("withdrawal", {"reason": "x"}, "018c2824-1a40-7c1e-9b62-2f1d3a4b5c6d")
    sender.push()
    text = any_http.get("/?lang=en", base_url=PLACE).text
    assert "waiting for the original 1" in text
    assert "quarantined 1" in text
    assert "counting 0" in text
