"""Held against real exports, where this machine has them: the same first bytes, header and line ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import only
from .test_formats import sheets

PAIRS = [
    ("tweet_activity_metrics_quillfern_*.csv", "x/*__tweet_activity_metrics_rOpenSci_20200301*.csv"),
    ("daily_tweet_activity_metrics_*.csv", "x/*__daily_tweet_activity_metrics_*.csv"),
    ("account_analytics_content_*.csv", "x/*__account_analytics_content_*.csv"),
    ("youtube/quillfern/Date.csv", "youtube/*__Date.csv"),
    ("tiktok/quillfern/Content.csv", "tiktok/*__Content.csv"),
    ("orders_export.csv", "shopify/*kidsliving-api__orders_export.redacted.csv"),
]


@pytest.mark.parametrize(("ours", "theirs"), PAIRS, ids=lambda value: value.split("/")[-1])
def test_headers_are_equal_byte_for_byte(company: Path, real_exports: Path, ours: str, theirs: str) -> None:
    mine, real = only(company, ours).read_bytes(), next(iter(sorted(real_exports.glob(theirs)))).read_bytes()
    assert mine.split(b"\n")[0] == real.split(b"\n")[0]
    assert (b"\r" in mine) == (b"\r" in real)
    assert mine.endswith(b"\n") == real.endswith(b"\n")


@pytest.mark.parametrize("theirs", ["*__Jan-14-2025_Apr-14-2025_*.csv", "*__May-25-2026_Jun-21-2026_*.csv"])
def test_meta_post_headers_are_equal_byte_for_byte(company: Path, real_exports: Path, theirs: str) -> None:
    real = next((real_exports / "meta_business_suite").glob(theirs)).read_bytes().split(b"\n")[0]
    mine = [path.read_bytes().split(b"\n")[0] for path in company.rglob("May-04-2026_*.csv")]
    assert mine.count(real) == 1


def test_meta_series_shape_is_equal(company: Path, real_exports: Path) -> None:
    real = next((real_exports / "meta_business_suite").glob("*__Visits.csv")).read_bytes()
    mine = only(company, "Visits.csv").read_bytes()
    assert mine.split(b"\n")[:3] == real.split(b"\n")[:3]
    assert mine[-4:] == real[-4:]


def test_youtube_table_header_is_equal(company: Path, real_exports: Path) -> None:
    import zipfile

    real = next((real_exports / "youtube").glob("*YTAnalytics__Content.csv")).read_bytes().split(b"\n")
    mine = zipfile.ZipFile(only(company, "Content *.zip")).read("Table data.csv").split(b"\n")
    assert mine[0] == real[0]
    assert mine[1].startswith(b"Total,,,,") and real[1].startswith(b"Total,,,,")


def test_tiktok_overview_header_is_equal(company: Path, real_exports: Path) -> None:
    import zipfile

    real = next((real_exports / "tiktok").glob("htupycollabs*__Overview.csv")).read_bytes()
    mine = zipfile.ZipFile(only(company, "Overview_*.zip")).read("Overview.csv")
    assert mine.split(b"\n")[0] == real.split(b"\n")[0]
    assert mine.endswith(b'"') and real.endswith(b'"')


def test_linkedin_page_headers_are_equal(company: Path, real_exports: Path) -> None:
    """The real sample was saved again by hand and lost the description row above its header."""
    real = sheets(next((real_exports / "linkedin").glob("*_content_*.xls")))
    mine = sheets(only(company, "quillfern_content_*.xlsx"))
    assert list(mine) == list(real)
    for name in real:
        assert mine[name][1] == real[name][0]
        assert [type(cell) for cell in mine[name][2]][:4] == [type(cell) for cell in real[name][1]][:4]


def test_linkedin_personal_headers_are_equal(company: Path, real_exports: Path) -> None:
    real = sheets(next((real_exports / "linkedin").glob("*LinkedIn_Contents*.xlsx")))
    mine = sheets(only(company, "Content_*_InesMarlow.xlsx"))
    assert list(mine) == list(real)
    for name, row in (
        ("ENGAGEMENT", 0),
        ("TOP POSTS", 0),
        ("TOP POSTS", 2),
        ("FOLLOWERS", 2),
        ("DEMOGRAPHICS", 0),
    ):
        assert [cell for cell in mine[name][row] if cell] == [cell for cell in real[name][row] if cell]
