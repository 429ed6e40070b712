"""A header that two sources write alike: the place of the file speaks, and where it does not, its owner is asked."""

from __future__ import annotations

import pytest

from tests.land.conftest import Landing

BY_DAY = "Date,Impressions\n2026-03-13,100\n2026-03-14,250\n"


@pytest.mark.parametrize("source", ["youtube", "pinterest"])
def test_the_folder_says_whose_it_is(land_bytes: Landing, source: str) -> None:
    receipt = land_bytes(f"{source}/figures.csv", BY_DAY)
    assert (receipt.status, receipt.source, receipt.warnings) == ("loaded", source, ())
    assert [(total.metric, total.total) for total in receipt.totals] == [("impressions", 350)]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("x/figures.csv", "needs_answer"),
        ("figures.csv", "needs_answer"),
        ("Pinterest Analytics overview 20260313-20260314.csv", "loaded"),
    ],
)
def test_no_folder_of_either_leaves_the_name_or_a_question(land_bytes: Landing, path: str, status: str) -> None:
    receipt = land_bytes(path, BY_DAY)
    assert receipt.status == status, receipt.reason
