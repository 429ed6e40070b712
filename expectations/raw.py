"""Raw: every row has its key and its origin, and what is in the tables is what was in the files."""

from __future__ import annotations

from expectations.checks import Check, never_null, no_rows, sql_list
from expectations.landing import FILE_TOTALS, LOADS, REPORT_BUG
from pipelines.schema import RawTable, metrics, raw_tables
from pipelines.settings import Settings
from pipelines.warehouse import RAW

REQUIRED: dict[str, tuple[str, ...]] = {
    "action_metrics": ("network", "action_id", "basis"),
    "account_metrics": ("network", "metric_date"),
    "touchpoints": ("touch_id", "customer_id", "touched_at"),
    "orders": ("order_id", "ordered_at"),
    "order_lines": ("order_id", "line_number"),
    "costs": ("period_start", "period_end", "amount", "cost_type"),
    "daily_sales": ("metric_date", "revenue"),
    "opportunities": ("opportunity_id", "stage"),
    "identities": ("anonymous_id",),
    "geo_sales": ("metric_date", "geo", "revenue", "currency"),
    "web_metrics": ("dimension", "basis"),
}
"""The part of each natural key that is never absent; a table that is not listed requires its whole key."""

ORIGIN = ("file_sha256", "row_number", "source", "layout")
SIGNED_METRICS = ("follows", "follows_net")
"""Net counts, which fall below zero without being wrong."""

LARGEST_COUNT = 10**12
INSPECT = "Look at the file with `social-roi inspect`; if the export itself says so, nothing is wrong here"


def tables() -> tuple[str, ...]:
    """The tables that must exist for this stage."""
    return (*(f"{RAW}.{name}" for name in raw_tables()), LOADS, FILE_TOTALS)


def checks(settings: Settings) -> list[Check]:
    """Every raw check, made from the canonical tables and the metric catalogue."""
    del settings
    found = [check for table in raw_tables().values() for check in _table_checks(table)]
    return [*found, _loaded_files_have_rows(), _totals_match()]


def _table_checks(table: RawTable) -> list[Check]:
    name = f"{RAW}.{table.name}"
    required = REQUIRED.get(table.name, table.natural_key)
    found = never_null(name, list(dict.fromkeys([*required, *ORIGIN])), show=ORIGIN[:2], remedy=REPORT_BUG)
    found.append(_known_file(name))
    if "currency" in table.column_names:
        found.append(_currency_code(name))
    if "metric_date" in table.column_names:
        found.append(_not_in_the_future(name))
    if set(metrics()) <= set(table.column_names):
        found.extend(_sane_counts(name))
    return found


def _known_file(table: str) -> Check:
    return no_rows(
        "file_loaded",
        table,
        "stop",
        sql=f"""select file_sha256, count(*) as row_count from this
            where not exists (
                select 1 from {LOADS} as book
                where book.file_sha256 = this.file_sha256 and book.status = 'loaded'
            ) group by all order by all""",
        meaning="each row comes from a file that the ledger calls loaded",
        remedy=REPORT_BUG,
    )


def _currency_code(table: str) -> Check:
    return no_rows(
        "currency_is_a_code",
        table,
        "stop",
        sql="""select file_sha256, row_number, currency from this
            where not regexp_full_match(currency, '[A-Z][A-Z][A-Z]') order by all""",
        meaning="a currency is an ISO 4217 code of three letters",
        remedy="Give the currency in roi.yml under `answers`, or correct it in the export",
    )


def _not_in_the_future(table: str) -> Check:
    return no_rows(
        "no_future_days",
        table,
        "warn",
        sql="""select file_sha256, row_number, metric_date, as_of from this
            where metric_date > as_of + interval 2 day order by all""",
        meaning="no file speaks of days after its own",
        remedy="Day and month may be swapped: give date_style in roi.yml under `answers`",
    )


def _sane_counts(table: str) -> list[Check]:
    counts = [metric.name for metric in metrics().values() if metric.kind != "amount"]
    unsigned = [name for name in counts if name not in SIGNED_METRICS]
    sql = """select file_sha256, row_number, metric, amount from (
            unpivot (select file_sha256, row_number, {columns} from this)
            on {columns} into name metric value amount
        ) where {condition} order by all"""
    return [
        no_rows(
            "counts_not_negative",
            table,
            "warn",
            sql=sql.format(columns=", ".join(unsigned), condition="amount < 0"),
            meaning="no count is below zero",
            remedy=INSPECT,
        ),
        no_rows(
            "counts_plausible",
            table,
            "warn",
            sql=sql.format(columns=", ".join(counts), condition=f"abs(amount) > {LARGEST_COUNT}"),
            meaning="no count is above a million millions",
            remedy=INSPECT,
        ),
    ]


def _loaded_files_have_rows() -> Check:
    rows = " union all ".join(f"select file_sha256 from {RAW}.{name}" for name in raw_tables())
    return no_rows(
        "loaded_files_have_rows",
        LOADS,
        "stop",
        sql=f"""select path, rows_loaded from this where status = 'loaded' and rows_loaded > 0
            and not exists (select 1 from ({rows}) as stored where stored.file_sha256 = this.file_sha256)
            order by path""",
        meaning="each file of which rows were loaded has rows in a raw table",
        remedy=REPORT_BUG,
    )


def _totals_match() -> Check:
    """Metric totals by file, the books against the tables. Totals of orders and costs are no metrics."""
    summable = [metric.name for metric in metrics().values() if metric.is_summable]
    columns = ", ".join(summable)
    casts = ", ".join(f"{name}::decimal(38,6) as {name}" for name in summable)
    metric_tables = [table.name for table in raw_tables().values() if set(summable) <= set(table.column_names)]
    rows = " union all ".join(f"select file_sha256, {casts} from {RAW}.{name}" for name in metric_tables)
    return no_rows(
        "metric_totals_match",
        FILE_TOTALS,
        "stop",
        sql=f"""with book as (
                select file_sha256, metric, sum(total_loaded) as total_in_file from this
                where metric in ({sql_list(summable)})
                and file_sha256 in (select file_sha256 from {LOADS} where status = 'loaded')
                group by all
            ), stored as (
                select file_sha256, metric, sum(amount) as total_in_raw
                from (unpivot ({rows}) on {columns} into name metric value amount) group by all
            )
            select file_sha256, metric, total_in_file, total_in_raw
            from book full outer join stored using (file_sha256, metric)
            where total_in_file is distinct from total_in_raw order by all""",
        meaning="the total of each metric of each file is the same in the raw tables as in the books",
        remedy="Load the file again: `social-roi ingest PATH`; report it if the difference stays",
    )
