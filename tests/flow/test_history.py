"""What was said stays, beside what is said now, and every difference has its reasons, to the last digit."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.errors import CheckStopError
from pipelines.publish import Publication, publish, table_hashes
from pipelines.settings import Home, Settings
from pipelines.warehouse import open_warehouse
from tests.flow.said import CASES, MODELS, laid_over, say

THEN = CASES["then"]
LATE = next(case for case in CASES["cases"] if case["name"].startswith("a late touch shares"))
REFUND = next(case for case in CASES["cases"] if case["name"].startswith("a refund after"))


def published(home: Home, settings: Settings | None = None) -> Publication:
    return publish(home, settings or Settings(), run_id="r", check=lambda _: [])


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()


def then_and_changes_are_now(path: Path) -> bool:
    """Whether each publication's figures and all later changes add up to what is said now."""
    return not rows(
        path,
        """with spoken as (select distinct publication_id from published.fct_reported_history),
        signed as (
            select spoken.publication_id, model, network, month, coalesce(revenue_credited, 0) as revenue,
                coalesce(net_revenue_credited, 0) as net, conversions_credited as conversions
            from spoken join published.fct_reported_history as said using (publication_id)
            union all
            select spoken.publication_id, model, network, month, revenue_change, net_revenue_change, conversions_change
            from spoken join published.fct_reported_changes as c on c.publication_id > spoken.publication_id
            union all
            select spoken.publication_id, model, network, cast(date_trunc('month', conversion_date) as date),
                -coalesce(revenue_credited, 0), -coalesce(net_revenue_credited, 0), -credit
            from spoken, published.fct_attributed_revenue
        )
        select publication_id, model, network, month from signed group by all
        having sum(revenue) <> 0 or sum(net) <> 0 or sum(conversions) <> 0""",
    )


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_every_difference_has_its_reason(home: Home, case: dict[str, Any]) -> None:
    before = laid_over(THEN, case.get("then", {}))
    say(home, before, models=case.get("models_then", MODELS))
    published(home)
    say(home, laid_over(before, case["now"]), models=case.get("models", MODELS))
    publication = published(home, Settings(**case.get("settings", {})))
    changes = "model, network, month::varchar, reason, conversions_change, revenue_change, net_revenue_change"
    found = rows(publication.path, f"select {changes} from published.fct_reported_changes order by all nulls first")
    expected = [
        (model, None if network == "null" else network, month, reason, *map(Decimal, figures))
        for model, network, month, reason, *figures in case["expect"]
    ]
    assert found == expected
    assert then_and_changes_are_now(publication.path)


def test_what_was_said_stands_beside_what_is_said_now(home: Home) -> None:
    say(home, THEN)
    first = published(home)
    say(home, laid_over(THEN, REFUND["now"]))
    second = published(home)
    said = """select publication_id, published_at, net_revenue_credited, net_revenue_credited_now, revenue_credited_now
        from published.fct_reported_history where model = 'last_touch' and network = 'y' order by all"""
    assert rows(second.path, said) == [
        (first.publication_id, first.published_at, 100, 70, 100),
        (second.publication_id, second.published_at, 70, 70, 100),
    ]
    assert len(rows(second.path, "from published.fct_reported_history")) == 2 * len(
        rows(first.path, "from published.fct_reported_history")
    )


def test_a_model_that_is_gone_says_nothing_now_and_a_month_without_credit_says_0(home: Home) -> None:
    say(home, THEN)
    published(home)
    say(home, laid_over(THEN, {"conversions": {"c2": "null"}, "journeys": {"c2": "null"}}), models=["linear"])
    second = published(home)
    now = """select model, revenue_credited, revenue_credited_now from published.fct_reported_history
        where network = 'x' and month = '2026-06-01' order by all"""
    assert rows(second.path, now) == [("last_touch", 50, None), ("linear", 50, 0)]


def test_the_same_again_adds_no_figures_but_every_publication_is_in_the_log(home: Home) -> None:
    say(home, THEN)
    made = [published(home) for _ in range(3)]
    log = rows(made[-1].path, "select publication_id, said_in from published.meta_publication_log order by all")
    assert log == [(one.publication_id, made[0].publication_id) for one in made]
    spoken = rows(made[-1].path, "select distinct publication_id from published.fct_reported_history")
    assert spoken == [(made[0].publication_id,)]


@pytest.mark.parametrize("lost", [("published",), ("state",), ("warehouse.duckdb", "published"), ()])
def test_a_rebuild_from_nothing_keeps_what_was_said(home: Home, lost: Sequence[str]) -> None:
    say(home, THEN)
    first = published(home, Settings(keep_publications=1))
    say(home, laid_over(THEN, LATE["now"]))
    second = published(home, Settings(keep_publications=1))
    before = rows(second.path, "select * from published.fct_reported_changes order by all")
    for name in lost:
        path = home.root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    say(home, laid_over(THEN, LATE["now"]))
    third = published(home, Settings(keep_publications=1))
    log = rows(third.path, "select publication_id, said_in from published.meta_publication_log order by all")
    assert log == [
        (first.publication_id, first.publication_id),
        (second.publication_id, second.publication_id),
        (third.publication_id, second.publication_id),
    ]
    assert rows(third.path, "select * from published.fct_reported_changes order by all") == before
    assert then_and_changes_are_now(third.path)
    assert {path.name for path in (home.state / "history").iterdir()} == {entry[0] for entry in log}


def test_without_the_earlier_file_differences_are_unexplained_and_still_exact(home: Home) -> None:
    say(home, THEN)
    published(home)
    shutil.rmtree(home.published)
    say(home, laid_over(THEN, REFUND["now"]))
    second = published(home)
    assert rows(second.path, "select distinct reason from published.fct_reported_changes") == [("unexplained",)]
    assert then_and_changes_are_now(second.path)


def test_a_candidate_that_no_reader_saw_said_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    say(home, THEN)
    first = published(home)
    say(home, laid_over(THEN, REFUND["now"]))

    def refuse(_: Path) -> Sequence[Any]:
        raise CheckStopError("no")

    with pytest.raises(CheckStopError):
        publish(home, Settings(), run_id="r", check=refuse)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched, pytest.raises(OSError, match="No space"):
        patched.setattr("pipelines.publish.point", fail)
        published(home)
    last = published(home)
    log = rows(last.path, "select publication_id from published.meta_publication_log order by all")
    assert log == [(first.publication_id,), (last.publication_id,)]


def test_a_publication_whose_files_were_not_kept_is_taken_from_the_published_file(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(home, THEN)

    def die(_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("pipelines.publish.settle", die)
        published(home)
    say(home, laid_over(THEN, REFUND["now"]))
    last = published(home)
    assert len(rows(last.path, "from published.meta_publication_log")) == 2
    assert len(list((home.state / "history").glob("[!.]*"))) == 2
    assert then_and_changes_are_now(last.path)


def test_history_is_outside_the_hashes_that_compare_two_homes(home: Home) -> None:
    say(home, laid_over(THEN, REFUND["now"]))
    alone = table_hashes(published(home).path)
    shutil.rmtree(home.root)
    say(home, THEN)
    published(home)
    say(home, laid_over(THEN, REFUND["now"]))
    assert table_hashes(published(home).path) == alone


def test_models_of_totals_are_said_by_the_network_that_a_channel_is_named_after(home: Home) -> None:
    def total(revenue: int) -> None:
        with open_warehouse(home) as connection:
            connection.execute("create or replace table published.dim_networks as select 'x' as network")
            connection.execute(f"""create or replace table published.fct_channel_credit as
                select 'markov' as model, 'month' as period_kind, date '2026-05-01' as period_start, channel,
                    1::decimal(18,6) as conversions_credited, revenue::decimal(18,6) as revenue_credited,
                    revenue::decimal(18,6) as net_revenue_credited
                from (values ('x', {revenue}), ('x_paid', 5), ('email', 10)) as t (channel, revenue)""")

    say(home, THEN)
    total(85)
    published(home)
    total(86)
    second = published(home)
    said = "select network, revenue_credited, revenue_credited_now from published.fct_reported_history"
    assert rows(second.path, f"{said} where model = 'markov' order by publication_id, network nulls last") == [
        ("x", 90, 91), (None, 10, 10), ("x", 91, 91), (None, 10, 10),
    ]  # fmt: skip
    changes = "select model, network, reason, conversions, revenue_change from published.fct_reported_changes"
    assert rows(second.path, changes) == [("markov", "x", "relearnt", None, 1)]
