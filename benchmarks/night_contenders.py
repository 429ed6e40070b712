"""What ``bench_night`` times, each in a process of its own: ``python -m benchmarks.night_contenders WHAT HOME [ROWS]``.

It prints one JSON object; the processes that are timed whole print an empty one.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipelines.settings import Home, Settings

TESTS = [part for kind in ("unit_test", "test") for part in ("--exclude-resource-type", kind)]
REMEDY = "Look at the table"
FAULTS = """
create schema published;
create table published.credit as
select 'm' || i % 9 as model, 'o' || i // 9 as conversion_id, 't' || hash(i) % 100000 as touch_id,
    case when i = 4711 then null else timestamp '2026-01-01' + to_seconds(i) end as converted_at,
    case when i % 250000 = 7 then 'pigeon' else ['x', 'tiktok', 'linkedin', 'email'][1 + i % 4] end as channel,
    cast(hash(i + 1) % 1000000 as decimal(18, 6)) / 1000000 as credit,
    cast(hash(i + 2) % 9999 as decimal(18, 6)) as revenue_credited,
    'c' || hash(i) % 1000 as campaign
from range({rows}) as numbers (i)
"""
"""A table of credit with one time missing and a channel that nobody knows."""


def our_dbt(home: Home) -> dict[str, Any]:
    """The dbt steps of a night that builds all from nothing."""
    from pipelines.transform import attribute, present, transform

    for step in (transform, attribute, present):
        step(home, Settings())
    return {}


def plain_dbt(home: Home) -> dict[str, Any]:
    """One ``dbt build`` of the same models, as dbt's own command line calls it."""
    import os

    from dbt.cli.main import cli

    from pipelines.transform import PROJECT, dbt_vars

    places = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target-path", str(home.state / "plain")]
    told = ["--log-path", str(home.state / "plain"), "--vars", json.dumps(dbt_vars(Settings()), sort_keys=True)]
    os.chdir(home.root)
    cli(["--no-send-anonymous-usage-stats", "--no-version-check", "--quiet", "build", "--full-refresh",
         *TESTS, *places, *told], standalone_mode=False)  # fmt: skip
    return {}


def checks() -> list[Any]:
    """Checks of a table as the gates of a night have them."""
    from expectations.checks import has_columns, never_null, one_of, unique_key

    table, show = "published.credit", ["model", "conversion_id"]
    return [
        has_columns(table, ["model", "channel", "credit"], remedy=REMEDY),
        *never_null(table, ["model", "touch_id", "converted_at", "credit"], show=show, remedy=REMEDY),
        one_of(table, "channel", ["x", "tiktok", "linkedin", "email"], show=show, remedy=REMEDY),
        unique_key(table, ["model", "conversion_id"], remedy=REMEDY),
    ]


def our_checks(home: Home, rows: int) -> dict[str, Any]:
    """Our engine on a DuckDB file: the verdicts, and the seconds that validating took."""
    import duckdb

    from expectations.engine import open_validation

    path = home.root / "credit.duckdb"
    if not path.exists():
        with duckdb.connect(str(path)) as connection:
            connection.execute(FAULTS.format(rows=rows))
    begun = time.perf_counter(), time.process_time()
    with open_validation(path, state=home.state) as validation:
        asked = [check.expectation() for check in checks()]
        result = validation.run(suite="credit", table="published.credit", expectations=asked, run_id="r")
    return _told(result, begun)


def pandas_checks(home: Home, _rows: int) -> dict[str, Any]:
    """The pandas engine of Great Expectations on the same table, read into a frame before the clock starts."""
    import duckdb
    import great_expectations as gx
    import great_expectations.expectations as gxe

    with duckdb.connect(str(home.root / "credit.duckdb"), read_only=True) as connection:
        frame = connection.execute("select * from published.credit").df()
    begun = time.perf_counter(), time.process_time()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    present = {
        f"{name}_present": gxe.ExpectColumnValuesToNotBeNull(column=name)
        for name in ("model", "touch_id", "converted_at", "credit")
    }
    asked = {
        "columns_present": gxe.ExpectTableColumnsToMatchSet(
            column_set=["model", "channel", "credit"], exact_match=False
        ),
        **present,
        "channel_known": gxe.ExpectColumnValuesToBeInSet(
            column="channel", value_set=["x", "tiktok", "linkedin", "email"]
        ),
        "key_unique": gxe.ExpectCompoundColumnsToBeUnique(column_list=["model", "conversion_id"]),
    }
    for name, each in asked.items():
        each.meta = {"check": name}
    batch = (
        context.data_sources.add_pandas("frames")
        .add_dataframe_asset("credit")
        .add_batch_definition_whole_dataframe("all")
    )
    suite = context.suites.add(gx.ExpectationSuite("credit", expectations=[*asked.values()]))
    definition = context.validation_definitions.add(gx.ValidationDefinition(name="credit", data=batch, suite=suite))
    return _told(definition.run(batch_parameters={"dataframe": frame}), begun)


def _told(result: Any, begun: tuple[float, float]) -> dict[str, Any]:
    seconds, processor = time.perf_counter() - begun[0], time.process_time() - begun[1]
    said = {each.expectation_config.meta["check"]: bool(each.success) for each in result.results}
    return {"seconds": seconds, "processor": processor, "verdicts": said}


def main(what: str, home: str, rows: str = "0") -> None:
    acts: dict[str, Callable[..., dict[str, Any]]] = {
        "dbt": our_dbt, "plain dbt": plain_dbt, "checks": our_checks, "pandas": pandas_checks,
    }  # fmt: skip
    print(json.dumps(acts[what](Home(Path(home)), *([int(rows)] if int(rows) else []))))


if __name__ == "__main__":
    main(*sys.argv[1:])
