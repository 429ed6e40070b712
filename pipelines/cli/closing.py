"""What ``run`` and ``demo`` end with: what each network earned, and where the report is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.cli import tables
from pipelines.cli.session import Result, Session

if TYPE_CHECKING:
    from pipelines.report import NetworkRoi

MEASURED = """
    select network, coalesce(any_value(display_name), network) as display_name
    from (
        select network from published.fct_action_metrics_daily
        union
        select network from published.fct_account_metrics_daily
    )
    left join published.dim_networks using (network)
    where network is not null
    group by network
    order by network
"""


def closing(session: Session, record: dict[str, Any]) -> Result:
    """The ROI table under one model: ``linear`` where it is computed, else the first of the settings."""
    models = session.settings.touch_models
    model = "linear" if "linear" in models else models[0]
    payload = {
        "run_id": record["run_id"],
        "publication_id": record["publication_id"],
        "data_through": record["data_through"],
        "report": record["report"],
        "published": str(session.home.published / "roi.duckdb"),
        "seconds": record["seconds"],
        "files": record.get("files", {}),
        "model": model,
        "currency": session.settings.currency,
        "networks": [tables.network_roi(row) for row in _networks(Path(record["publication"]), model)],
    }
    return Result(payload, lambda console: tables.closing(console, payload))


def _networks(database: Path, model: str) -> list[NetworkRoi]:
    """Networks with a cost or a credit, then those that only report metrics."""
    from decimal import Decimal

    import duckdb

    from pipelines.report import NetworkRoi, roi_table

    rows = roi_table(database, model)
    with duckdb.connect(str(database), read_only=True) as connection:
        measured = connection.execute(MEASURED).fetchall()
    known = {row.network for row in rows}
    nothing = Decimal(0)
    return rows + [
        NetworkRoi(network, name, None, nothing, nothing, None, None)
        for network, name in measured
        if network not in known
    ]
