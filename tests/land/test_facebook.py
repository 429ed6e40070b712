"""Facebook's classic Insights: what only the row of descriptions tells, what may be added up, ids as one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.lake import Receipt
from tests.land.conftest import Landing

FIXTURES = Path(__file__).parents[1] / "fixtures" / "facebook"


def totals(receipt: Receipt) -> dict[str, int]:
    return {total.metric: int(total.total) for total in receipt.totals if total.total is not None}


@pytest.mark.parametrize("name", ["posts_2014.csv", "posts_2017_flipped.csv", "posts_2019_es.csv"])
def test_events_and_people_of_one_name_are_told_apart(land_bytes: Landing, name: str) -> None:
    receipt = land_bytes("inbox/a.csv", (FIXTURES / name).read_bytes())
    assert (receipt.status, receipt.rows_loaded, receipt.rows_ignored) == ("loaded", 2, 1)
    assert totals(receipt)["video_views"] == 50
    assert totals(receipt)["video_views_organic"] == 40
    assert receipt.warnings == ()


def test_a_copy_without_descriptions_leaves_out_what_they_told(land_bytes: Landing) -> None:
    receipt = land_bytes("inbox/a.csv", (FIXTURES / "posts_without_descriptions.csv").read_bytes())
    found = totals(receipt)
    assert (receipt.status, found["impressions"], found["reactions"]) == ("loaded", 256, 3)
    assert not {"video_views", "video_views_organic", "video_views_paid"} & set(found)
    assert sum("left out" in warning for warning in receipt.warnings) == 2


def test_people_are_not_added_up(land_bytes: Landing) -> None:
    receipt = land_bytes("inbox/a.csv", (FIXTURES / "posts_2014.csv").read_bytes())
    people = {total.native_name: total.rows_with_value for total in receipt.totals if total.total is None}
    assert people["Lifetime Talking About This (Post) by action type - like"] == 1
    assert {"Lifetime Post Total Reach", "Lifetime Engaged Users"} <= set(people)


def test_only_days_of_a_page_are_added_up(land_bytes: Landing) -> None:
    receipt = land_bytes("inbox/a.csv", (FIXTURES / "page_2014.csv").read_bytes())
    assert totals(receipt) == {"impressions": 342, "clicks": 21, "link_clicks": 2, "follows": 42, "unfollows": 1}
    assert (receipt.period_start, receipt.period_end) == ("2014-01-13", "2014-01-15")


def test_hundreds_of_unknown_columns_are_one_warning(land_bytes: Landing) -> None:
    lines = (FIXTURES / "page_2014.csv").read_text(encoding="utf-8").splitlines()
    more = [",".join([*(f"Brand new {n}" for n in range(600))]), "," * 599, *(["1," * 599 + "1"] * 3)]
    receipt = land_bytes("inbox/a.csv", "\n".join(f"{a},{b}" for a, b in zip(lines, more, strict=True)) + "\n")
    assert (receipt.status, receipt.rows_loaded, totals(receipt)["impressions"]) == ("loaded", 3, 342)
    assert [warning[:11] for warning in receipt.warnings] == ["600 columns"]
    assert len(receipt.warnings[0]) < 300


def test_a_folder_of_the_network_is_no_other_source(land_bytes: Landing) -> None:
    series = '"Content interactions"\n"Date","Primary"\n"2026-05-25T00:00:00","1"\n"2026-05-26T00:00:00","2"\n'
    receipt = land_bytes("facebook/a.csv", series)
    assert (receipt.source, receipt.networks, receipt.warnings) == ("meta_business_suite", ("facebook",), ())
