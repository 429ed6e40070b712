"""Published tables name every metric of the catalogue: a new one belongs in their contracts too."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipelines.schema import metrics, raw_tables

PUBLISHED = Path(__file__).parents[2] / "dbt_project" / "models" / "published"
METRICS = {
    "fct_action_metrics_daily": "action_metrics",
    "fct_account_metrics_daily": "account_metrics",
}


@pytest.mark.parametrize(("model", "table"), METRICS.items())
def test_a_contract_names_every_metric(model: str, table: str) -> None:
    [described] = yaml.safe_load((PUBLISHED / f"{model}.yml").read_text(encoding="utf-8"))["models"]
    named = {column["name"]: column["data_type"] for column in described["columns"]}
    types = {column.name: column.sql_type for column in raw_tables()[table].columns}
    wanted = {name: kind for name, kind in types.items() if name in metrics()}
    missing = sorted(set(wanted) - set(named))
    assert not missing, f"add to dbt_project/models/published/{model}.yml: {', '.join(missing)}"
