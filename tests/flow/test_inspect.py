"""``social-roi inspect``: what a file is, what will happen to it, and what its owner can do about it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from pipelines.cli import main
from pipelines.settings import Settings
from tests.land.files import by_day, text, tweets


@pytest.fixture(autouse=True)
def _own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIAL_ROI_KEY_FILE", str(tmp_path / "identifiers.key"))


def put(folder: Path, name: str, content: str) -> str:
    path = folder / "landing" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return str(path)


def shown(folder: Path, *arguments: str) -> str:
    return CliRunner().invoke(main, ["inspect", "--home", str(folder), *arguments]).stdout


def told(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    return json.loads(shown(folder, *arguments, "--json"))["files"]


def test_rows_figures_new_columns_and_damage_are_told(tmp_path: Path) -> None:
    rows = tweets("1000", "n0t!", "234.0")
    rows = [[*row, "note" if index else "Sparkle"] for index, row in enumerate(rows)]
    path = put(tmp_path, "x/a.csv", text(rows))
    out = shown(tmp_path, path)
    assert "WILL BE LOADED   x/a.csv" in out
    assert "3 read: 2 loaded, 1 quarantined" in out
    assert "line 3: 'impressions' is not a whole number (n0t!)" in out
    assert [line.split() for line in out.splitlines() if line.split()[:1] == ["impressions"]] == [
        ["impressions", "impressions", "1,234", "2"]
    ]
    assert "1 new to the specification" in out
    (one,) = told(tmp_path, path)
    uses = {use["column"]: (use["use"], use["field"]) for use in one["columns"]}
    assert uses["Sparkle"] == ("new", None)
    assert uses["retweets"] == ("read", "shares")
    assert "Sparkle -> new" in shown(tmp_path, path, "--columns")


def test_columns_that_become_rows_are_read(tmp_path: Path) -> None:
    path = put(tmp_path, "eurofxref.csv", "Date,USD,JPY,GBP,CHF,\n2026-02-03,1.04,160.5,0.83,0.94,\n")
    (one,) = told(tmp_path, path)
    assert {use["column"]: (use["use"], use["field"]) for use in one["columns"]} == {
        "Date": ("read", "rate_date"),
        **dict.fromkeys(("USD", "JPY", "GBP", "CHF"), ("read", "rate")),
    }


def test_a_question_comes_with_what_to_write(tmp_path: Path) -> None:
    path = put(tmp_path, "tiktok/Overview.csv", by_day(["December 31", "January 1"]))
    out = shown(tmp_path, path)
    assert "WAITS FOR AN ANSWER" in out
    assert "or by a folder: landing/tiktok/2026/Overview.csv" in out
    snippet = out[out.index("        answers:") :].splitlines()[:2]
    written = yaml.safe_load("\n".join(line[8:] for line in snippet))
    assert Settings.model_validate(written).answers[0].year == 2026
    (one,) = told(tmp_path, path)
    assert one["answers"][0]["values"] == {"year": "2026"}
    (tmp_path / "roi.yml").write_text(yaml.safe_dump(written), encoding="utf-8")
    assert "WILL BE LOADED" in shown(tmp_path, path)


def test_an_unknown_file_says_what_it_is_near_to_and_what_to_do(tmp_path: Path) -> None:
    near = put(tmp_path, "near.csv", "Tweet id,Tweet text,impressions,engagements,likes\n1,a,1,2,3\n")
    other = put(tmp_path, "other.csv", "Title,Claps\na,1\n")
    out = shown(tmp_path, near, other)
    assert "lacks 'Tweet permalink', 'time'" in out
    assert out.count("social-roi new-source") == 2
    assert "2 files: 2 refused." in out
    first, second = told(tmp_path, near, other)
    assert (first["near"][0]["format"], first["near"][0]["missing"]) == ("x_tweet_activity", ["time"])
    assert second["near"] == []


def test_what_is_piped_has_no_colours_and_no_broken_lines(tmp_path: Path) -> None:
    path = put(tmp_path, "tiktok/Overview.csv", by_day(["December 31", "January 1"]))
    out = shown(tmp_path, path)
    assert "\x1b" not in out
    assert any(len(line) > 120 for line in out.splitlines())
