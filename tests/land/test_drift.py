"""Columns that are new, gone, renamed or no longer of their type: what becomes of a file, by its layout's policy."""

from __future__ import annotations

from functools import cache
from pathlib import Path, PurePosixPath

import pytest

from pipelines.lake import Receipt
from pipelines.land.reading import read_file
from pipelines.settings import Settings
from pipelines.spec import SourceSpec, load_specs

FIXTURE = (Path(__file__).parents[1] / "fixtures" / "buffer" / "buffer_posts.csv").read_text(encoding="utf-8")


def read(text: str) -> Receipt:
    return read_file(PurePosixPath("buffer/export.csv"), text.encode(), Settings()).receipt


def total(receipt: Receipt, metric: str) -> object:
    return next(found.total for found in receipt.totals if found.metric == metric)


def with_column(name: str) -> str:
    head, *rows = FIXTURE.splitlines()
    return "\n".join([f"{head},{name}", *(f"{row},7" for row in rows)]) + "\n"


@pytest.fixture
def policy(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    specs = dict(load_specs())
    spec = specs["buffer"]
    layouts = tuple(layout.model_copy(update={"drift": request.param}) for layout in spec.layouts)
    specs["buffer"] = SourceSpec.model_validate(spec.model_copy(update={"layouts": layouts}).model_dump())
    monkeypatch.setattr("pipelines.land.lookups.load_specs", lambda: specs)
    from pipelines.land import headers, lookups

    for module in (lookups, headers):
        for name, cached in list(vars(module).items()):
            if hasattr(cached, "cache_clear"):
                monkeypatch.setattr(module, name, cache(cached.__wrapped__))


def test_a_new_column_is_kept_and_told_once() -> None:
    receipt = read(with_column("Zaps"))
    assert (receipt.status, receipt.rows_loaded, total(receipt, "impressions")) == ("loaded", 3, 2300)
    assert [note for note in receipt.warnings if "'Zaps'" in note] == [
        "1 column is new to the specification, kept in the lake and not used: 'Zaps'"
    ]


def test_a_renamed_measure_is_named_with_the_line_to_add() -> None:
    receipt = read(FIXTURE.replace("Impressions", "Impresssions"))
    assert receipt.status == "loaded"
    assert not [found for found in receipt.totals if found.metric == "impressions"]
    assert any("'Impresssions' may be 'impressions' renamed" in note for note in receipt.warnings)
    assert any("buffer_posts.fields.impressions.names.en" in note for note in receipt.warnings)


def test_a_renamed_column_that_must_be_there_refuses_the_file_and_says_which() -> None:
    receipt = read(FIXTURE.replace("Service Link", "Services Link"))
    assert receipt.status == "refused"
    assert "has no column 'Service Link'" in str(receipt.reason)
    assert "'Services Link' may be 'service link' renamed" in str(receipt.reason)


def test_a_measure_that_is_no_number_any_more_is_not_read_and_said() -> None:
    head, *rows = FIXTURE.splitlines()
    cells = [row.split(",") for row in rows]
    text = "\n".join([head, *(",".join([*row[:8], "many", *row[9:]]) for row in cells)]) + "\n"
    receipt = read(text)
    assert (receipt.status, receipt.rows_loaded, receipt.rows_quarantined) == ("loaded", 3, 0)
    assert (total(receipt, "reactions"), total(receipt, "impressions")) == (None, 2300)
    assert any("'Likes' holds no number in any row (such as 'many')" in note for note in receipt.warnings)
    half = read(text.replace("many", "40", 1))
    assert (half.rows_loaded, half.rows_quarantined) == (1, 2)


@pytest.mark.parametrize("policy", ["freeze"], indirect=True)
def test_frozen_columns_refuse_a_file_with_others(policy: None) -> None:
    receipt = read(with_column("Zaps"))
    assert receipt.status == "refused"
    assert "columns that buffer_posts does not know: 'Zaps'" in str(receipt.reason)
    assert read(FIXTURE).status == "loaded"
    retyped = FIXTURE.replace(",40,", ",many,").replace(",20,", ",many,").replace(",9,", ",many,")
    assert "hold no number any more: 'Likes' ('many')" in str(read(retyped).reason)


@pytest.mark.parametrize("policy", ["quarantine"], indirect=True)
def test_rows_wait_until_their_columns_are_known(policy: None) -> None:
    receipt = read(with_column("Zaps"))
    assert (receipt.status, receipt.rows_quarantined) == ("refused", 3)
    assert "the specification does not know 'Zaps'" in str(receipt.reason)
    assert read(FIXTURE).status == "loaded"
