"""What holds for a warehouse as a whole: order of loading, sums, contracts, dbt's own unit tests."""

from __future__ import annotations

import re
import shutil

import pytest
import yaml

from pipelines.credit_models import RULE_MODELS
from pipelines.schema import metrics
from pipelines.settings import Home, Settings
from pipelines.transform import PROJECT, run_dbt
from tests.dbt.given import Warehouse, build, given_rows

NETWORKS = ("facebook", "instagram", "linkedin", "youtube", "tiktok", "pinterest", "twitter", "reddit", "shopify")


def table_hashes(warehouse: Warehouse) -> dict[str, tuple[int, int]]:
    """Rows and a hash that knows no order, for every published table."""
    tables = [
        name
        for (name,) in warehouse.rows(
            "select table_name from information_schema.tables where table_schema = 'published'"
        )
    ]
    return {
        name: warehouse.rows(f"select count(*), bit_xor(hash(row)) from published.{name} as row")[0] for name in tables
    }


@pytest.fixture(scope="session")
def reversed_order(built: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    home = Home(tmp_path_factory.mktemp("reversed"))
    shutil.copytree(built.home.state / "dbt", home.state / "dbt")
    return build(home, {table: rows[::-1] for table, rows in reversed(given_rows().items())})


def test_the_order_of_loading_changes_no_published_table(built: Warehouse, reversed_order: Warehouse) -> None:
    hashes = table_hashes(built)
    assert len(hashes) == 22
    assert hashes["fct_action_metrics_daily"][0] > 10
    assert table_hashes(reversed_order) == hashes


def test_the_unit_tests_of_the_models_hold(built: Warehouse) -> None:
    run_dbt(built.home, Settings(), ["test", "--select", "test_type:unit"])


def test_credits_add_up_for_every_model(built: Warehouse) -> None:
    wrong = built.rows(
        """select model, conversion_id, sum(credit) from published.fct_attributed_revenue
        join published.fct_conversions using (conversion_id) group by all
        having sum(credit) <> 1 or sum(revenue_credited) is distinct from any_value(revenue)
            or sum(net_revenue_credited) is distinct from any_value(net_revenue)"""
    )
    assert wrong == []
    models = {model for (model,) in built.rows("select distinct model from published.fct_attributed_revenue")}
    assert models == {*RULE_MODELS, "markov_path"}


def test_what_is_allocated_is_what_is_known_of_the_network_alone(built: Warehouse) -> None:
    allocated = built.rows(
        """select model, network, sum(revenue_allocated) as revenue from published.fct_action_roi
        where revenue_allocated is not null group by all order by all"""
    )
    known = built.rows(
        """select model, credits.network, sum(revenue_credited) as revenue
        from published.fct_attributed_revenue as credits join published.fct_touchpoints as touches using (touch_id)
        where match_level = 'network' and exists (
            select 1 from published.fct_action_metrics_daily as clicks
            where clicks.network = credits.network and link_clicks > 0
            and touches.touched_at::date - metric_date between 0 and 30
        ) group by all having sum(revenue_credited) is not null order by all"""
    )
    assert {network for _, network, _ in allocated} >= {"alloc"}
    assert allocated == known


def test_every_metric_of_the_catalogue_is_published() -> None:
    for table in ("fct_action_metrics_daily", "fct_account_metrics_daily"):
        text = (PROJECT / "models" / "published" / f"{table}.yml").read_text(encoding="utf-8")
        columns = {column["name"] for column in yaml.safe_load(text)["models"][0]["columns"]}
        assert set(metrics()) <= columns


def test_every_model_has_its_description_beside_it_and_is_short() -> None:
    models = list((PROJECT / "models").rglob("*.sql"))
    assert len(models) > 40
    for model in models:
        assert model.with_suffix(".yml").exists(), model.name
        assert len(model.read_text(encoding="utf-8").splitlines()) <= 100, model.name


def test_models_are_portable_and_name_no_network() -> None:
    for path in [*(PROJECT / "models").rglob("*.sql"), *(PROJECT / "macros").rglob("*.sql")]:
        text = path.read_text(encoding="utf-8").lower()
        assert "::" not in text, path.name
        assert "qualify" not in re.findall(r"\w+", text), path.name
        named = [name for name in NETWORKS if re.search(rf"\b{name}", text)]
        assert not named, (path.name, named)
