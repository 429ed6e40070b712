"""A short fuzz: a few damaged copies of many files, never a wrong number (``make fuzz`` damages each many times)."""

from __future__ import annotations

import random

import pytest

from tests.fuzz.run import Subject, outcomes, subjects

SEED = 20261125
SAMPLE = 40
EACH = 3


def chosen() -> list[Subject]:
    """The same sample of whole files every time."""
    found = [subject for subject in subjects() if subject.table]
    return random.Random(SEED).sample(found, SAMPLE)


@pytest.mark.parametrize("subject", chosen(), ids=lambda subject: subject.name)
def test_a_damaged_export_gives_the_right_numbers_or_a_reason(subject: Subject) -> None:
    wrong = [o for o in outcomes(subject, each=EACH, seed=SEED) if o.verdict.startswith("wrong")]
    assert wrong == []


def test_the_judge_tells_wrong_numbers(tmp_path) -> None:
    from pipelines.settings import Home, Settings
    from tests.fuzz.mutations import Mutant
    from tests.fuzz.oracle import judge, landed
    from tests.land.files import text, tweets

    whole = landed(Home(tmp_path / "whole"), "x/a.csv", text(tweets(100, 200)).encode(), Settings())
    other = landed(Home(tmp_path / "other"), "x/a.csv", text(tweets(100, 201)).encode(), Settings())
    short = landed(Home(tmp_path / "short"), "x/a.csv", text(tweets(100)).encode(), Settings())
    twice = landed(Home(tmp_path / "twice"), "x/a.csv", text([*tweets(100, 200), tweets(100)[1]]).encode(), Settings())
    assert judge(whole, Mutant("none", b""), whole) == "right"
    assert judge(whole, Mutant("none", b""), other).startswith("wrong: action_metrics holds other values")
    assert judge(whole, Mutant("none", b""), short).startswith("wrong: 1 rows are gone")
    assert judge(whole, Mutant("none", b""), twice).startswith("wrong: action_metrics holds a row twice")


def test_the_judge_tells_what_is_said_from_what_is_wrong(tmp_path) -> None:
    from pipelines.settings import Home, Settings
    from tests.fuzz.mutations import Mutant
    from tests.fuzz.oracle import Landed, judge, landed
    from tests.land.files import text

    head = ["Ad ID", "Ad name", "Campaign name", "Amount spent (EUR)", "Impressions", "Day"]
    rows = [[str(n), f"ad {n}", "Spring", "1.25", str(100 * n), "2026-02-10"] for n in (1, 2)]

    def land(name: str, table: list[list[str]]) -> Landed:
        return landed(Home(tmp_path / name), "meta_ads/a.csv", text(table).encode(), Settings())

    whole, gone = land("whole", [head, *rows]), Mutant("drop column", b"", ("Ad ID",))
    nameless = [row[1:] for row in (head, *rows)]
    assert judge(whole, gone, land("nameless", nameless)) == "reduced"
    assert judge(whole, Mutant("none", b""), land("again", nameless)).startswith("wrong: action_metrics holds other")
    more = [*nameless[:-1], [*nameless[-1][:3], "201", *nameless[-1][4:]]]
    assert judge(whole, gone, land("more", more)).startswith("wrong: action_metrics holds other")
    torn = [head, rows[0], [*rows[1][:4], "150", rows[1][5]]]
    assert judge(whole, Mutant("truncate", b"", loses_rows=True), land("torn", torn)) == "undecidable"
    grown = [head, rows[0], [*rows[1][:4], "250", rows[1][5]]]
    assert judge(whole, Mutant("truncate", b"", loses_rows=True), land("grown", grown)).startswith("wrong")
    put = [head, rows[0], ["abc", *rows[1][1:]]]
    assert judge(whole, Mutant("broken cell", b"", put="abc"), land("put", put)) == "undecidable"
    assert judge(whole, Mutant("broken cell", b""), land("put2", put)).startswith("wrong")
