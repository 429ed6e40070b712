"""A new column is told of once, whatever brings it again."""

from __future__ import annotations

from pathlib import Path

from pipelines.land import land, tell_new_columns
from pipelines.settings import Home, Settings

FIXTURE = (Path(__file__).parents[1] / "fixtures" / "buffer" / "buffer_posts.csv").read_text(encoding="utf-8")


def put(home: Home, name: str, *columns: str) -> None:
    head, *rows = FIXTURE.splitlines()
    lines = [",".join([head, *columns]), *(",".join([row, *"7" * len(columns)]) for row in rows)]
    path = home.landing / "buffer" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def told(home: Home) -> list[str]:
    return [each.column for each in tell_new_columns(home, land(home, Settings()))]


def test_a_new_column_is_told_of_once(tmp_path: Path) -> None:
    home = Home(tmp_path)
    put(home, "a.csv")
    assert told(home) == []
    put(home, "b.csv", "Zap")
    put(home, "c.csv", "Zap")
    assert told(home) == ["Zap"]
    put(home, "d.csv", "Zap", "Zip")
    assert told(home) == ["Zip"]
    assert told(home) == []


def test_columns_that_are_taken_as_they_come_are_no_news(tmp_path: Path) -> None:
    home = Home(tmp_path)
    path = home.landing / "daily_sales" / "a.csv"
    path.parent.mkdir(parents=True)
    path.write_text("metric_date,revenue,currency,price_index\n2026-01-01,1,EUR,3\n", encoding="utf-8")
    assert told(home) == []
