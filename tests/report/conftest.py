"""One published company for all tests of the report, and its page."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from pipelines.report import write_report
from pipelines.settings import Home
from tests.report.company import Company, build

VOID = {"meta", "link", "input", "br", "img", "hr"}


class Page(HTMLParser):
    """The parts of the page that tests look at: every element, every table row, the visible text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.rows: dict[tuple[str, str], list[str]] = {}
        self.text = ""
        self.open_elements: list[str] = []
        self._row: tuple[str, str] | None = None
        self._model = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.append((tag, given))
        if tag not in VOID:
            self.open_elements.append(tag)
        if "data-model" in given:
            self._model = given["data-model"]
        if tag == "tr":
            key = next((f"{name}={value}" for name, value in given.items() if name.startswith("data-")), None)
            self._row = (self._model, key) if key else None
            if self._row:
                self.rows[self._row] = []
        if tag in ("td", "th") and self._row:
            self.rows[self._row].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open_elements.pop() == tag, f"</{tag}> closes nothing"
        if tag == "tr":
            self._row = None

    def handle_data(self, data: str) -> None:
        if self.open_elements and self.open_elements[-1] != "style":
            self.text += data
        if self._row and {"td", "th"} & set(self.open_elements):
            self.rows[self._row][-1] += data.strip()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a published company of eight networks and six models."""
    home = Home(tmp_path_factory.mktemp("report"))
    build(home.published / "roi.duckdb", Company(with_members=True))
    return home


@pytest.fixture(scope="session")
def report(home: Home) -> Path:
    return write_report(home)


@pytest.fixture(scope="session")
def page(report: Path) -> Page:
    return Page(report.read_text(encoding="utf-8"))


@pytest.fixture
def published(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect(str(home.published / "roi.duckdb"), read_only=True)
    yield connection
    connection.close()
