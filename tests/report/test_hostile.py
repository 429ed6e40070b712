"""Texts from the networks are hostile input: whatever they hold, it is shown and does nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.report import write_report
from pipelines.settings import Home
from tests.report.company import Company, build
from tests.report.conftest import Page

ATTACKS = (
    "<script>document.title='owned'</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><style>*{display:none}</style>",
    "' onmouseover='alert(1)",
    "</td></table><h1>owned</h1>",
    "{{ 7 * 7 }}{% raw %}",
    "<!-- <svg onload=alert(1)>",
    "&lt;b&gt; stays as it is written",
)
REVERSED = "\u202egnp.exe"


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    """A company that is quickly written, for each attack to be let loose on."""
    company = Company(days=60, actions=20, conversions=200, models=("linear", "last_touch"))
    return build(tmp_path_factory.mktemp("small") / "roi.duckdb", company)


@pytest.fixture(params=ATTACKS)
def attacked(request, small, tmp_path) -> tuple[str, Page]:
    """The page of a company in which every text is the attack."""
    text = request.param
    own = Home(tmp_path)
    own.published.mkdir()
    shutil.copy(small, own.published)
    connection = duckdb.connect(str(own.published / "roi.duckdb"))
    connection.execute("set schema = 'published'")
    changes = {
        "dim_actions": ("text_excerpt", "campaign", "action_type", "permalink"),
        "dim_networks": ("display_name", "status"),
        "meta_loads": ("path", "source", "reason"),
        "meta_quarantine": ("reason", "column_name", "value_excerpt"),
        "meta_checks": ("stage", "suite", "expectation", "severity", "observed", "expected"),
        "meta_publication": ("publication_id", "git_sha", "spec_version"),
    }
    for table, columns in changes.items():
        for column in columns:
            connection.execute(f"update {table} set {column} = ?", [REVERSED + text])
    for table in ("fct_attributed_revenue", "fct_network_roi_daily", "fct_action_roi"):
        connection.execute(f"update {table} set model = ? where model = 'last_touch'", [text])
    connection.execute("update fct_attributed_revenue set channel = ? where channel = 'email'", [text])
    connection.execute("update fct_conversions set original_currency = ? where revenue is null", [text])
    connection.close()
    return text, Page(write_report(own).read_text(encoding="utf-8"))


def test_hostile_text_is_shown_and_inert(attacked, page):
    text, shown = attacked
    assert text[:20] in shown.text, "it is shown as it was written"
    assert "\u202e" not in shown.text
    assert shown.open_elements == []
    assert {tag for tag, _ in shown.elements} <= {tag for tag, _ in page.elements}, "it adds no element"
    assert {name for _, given in shown.elements for name in given} <= {
        name for _, given in page.elements for name in given
    }, "it adds no attribute"
    links = [given["href"] for tag, given in shown.elements if tag == "a"]
    assert links == ["../state/runs.html"], "no attack became a link"
    assert sum(tag == "h1" for tag, _ in shown.elements) == 1
