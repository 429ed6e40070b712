"""What the raw layer is made of: the metric catalogue and the canonical tables, one for each grain.

The same definitions create the DuckDB tables, shape the parsed Parquet files and name the targets that a source
specification may map to, so the three cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pipelines.errors import SpecError
from pipelines.yaml_text import read_yaml

MetricKind = Literal["count", "people", "level", "amount"]

MONEY = "DECIMAL(18,6)"


@dataclass(frozen=True)
class Metric:
    """One canonical metric. ``kind`` says whether it may be added up."""

    name: str
    kind: MetricKind
    description: str
    unit: str | None = None
    of: Literal["social", "web"] = "social"

    @property
    def is_summable(self) -> bool:
        return self.kind in ("count", "amount")

    @property
    def sql_type(self) -> str:
        return MONEY if self.kind == "amount" else "BIGINT"


@dataclass(frozen=True)
class Column:
    """A column of a raw table: its name and its DuckDB type."""

    name: str
    sql_type: str


@dataclass(frozen=True)
class RawTable:
    """A canonical raw table.

    ``natural_key`` is what makes two rows speak of the same thing; where exports overlap, the later one wins within
    it (dbt intermediate models do that, the raw table keeps all).
    """

    name: str
    grain: str
    columns: tuple[Column, ...]
    natural_key: tuple[str, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def sql_type(self, name: str) -> str:
        return next(column.sql_type for column in self.columns if column.name == name)


def metrics() -> dict[str, Metric]:
    """The metrics of social actions and accounts, by canonical name, in the order of ``metrics.yml``."""
    return {name: metric for name, metric in catalogue().items() if metric.of == "social"}


@cache
def catalogue() -> dict[str, Metric]:
    """Every metric, also those of websites, by canonical name."""
    path = Path(__file__).with_name("metrics.yml")
    found = {}
    for name, entry in read_yaml(path.read_text(encoding="utf-8")).items():
        if entry.get("kind") not in ("count", "people", "level", "amount"):
            raise SpecError(f"metric {name!r} has no known kind", where=str(path))
        found[name] = Metric(name, entry["kind"], entry["description"], entry.get("unit"), entry.get("of", "social"))
    return found


@cache
def currencies() -> frozenset[str]:
    """The codes of ISO 4217, present and former."""
    path = Path(__file__).with_name("currencies.yml")
    listed = read_yaml(path.read_text(encoding="utf-8"))
    return frozenset(code for codes in listed.values() for code in codes)


def columns_of(text: str) -> tuple[Column, ...]:
    """Parse ``name TYPE`` pairs, separated by semicolons, into columns."""
    pairs = (pair.strip().split(" ", 1) for pair in text.replace("\n", " ").split(";") if pair.strip())
    return tuple(Column(name, sql_type.strip()) for name, sql_type in pairs)


PROVENANCE = columns_of("file_sha256 VARCHAR; row_number BIGINT; source VARCHAR; layout VARCHAR; as_of DATE")
"""Where a row comes from. ``as_of`` is the day the file speaks from: its export day where known, else the latest day
that the file itself names. Of two rows with one natural key, the one with the later ``as_of`` is believed."""


def _table(name: str, grain: str, columns: str, key: str, *, metrics_of: str | None = None) -> RawTable:
    metric_columns = tuple(Column(m.name, m.sql_type) for m in catalogue().values() if m.of == metrics_of)
    return RawTable(name, grain, PROVENANCE + columns_of(columns) + metric_columns, tuple(key.split()))


def _crm_tables() -> tuple[RawTable, ...]:
    """Sales in stages, and who is who."""
    return (
        _table(
            "opportunities",
            "one opportunity in one stage: a change of stage, or its state when the file was exported",
            f"""opportunity_id VARCHAR; account_id VARCHAR; account_name VARCHAR; customer_id VARCHAR;
            contact_ids VARCHAR; seller_id VARCHAR; crm_owner VARCHAR; basis VARCHAR; pipeline VARCHAR; stage VARCHAR;
            from_stage VARCHAR; entered_at TIMESTAMP; created_at TIMESTAMP; modified_at TIMESTAMP; close_date DATE;
            amount {MONEY}; won_amount {MONEY}; currency VARCHAR; is_won BOOLEAN; is_closed BOOLEAN;
            source_channel VARCHAR; source_detail_1 VARCHAR; source_detail_2 VARCHAR; self_reported_source VARCHAR""",
            "source opportunity_id account_id stage entered_at",
        ),
        _table(
            "contacts",
            "one contact as it stood when the file was exported",
            """contact_id VARCHAR; customer_id VARCHAR; account_id VARCHAR; account_name VARCHAR; crm_owner VARCHAR;
            lifecycle_stage VARCHAR; lead_status VARCHAR; created_at TIMESTAMP; source_channel VARCHAR;
            source_detail_1 VARCHAR; source_detail_2 VARCHAR; self_reported_source VARCHAR""",
            "source contact_id",
        ),
        _table(
            "identities",
            "one link between an anonymous id, a customer and an account",
            "anonymous_id VARCHAR; customer_id VARCHAR; account_id VARCHAR; linked_at TIMESTAMP",
            "anonymous_id customer_id account_id",
        ),
        _table(
            "sellers",
            "one salesperson",
            "seller_id VARCHAR; name VARCHAR; crm_owner VARCHAR; profile_url VARCHAR; team VARCHAR",
            "seller_id",
        ),
    )


def _plan_tables() -> tuple[RawTable, ...]:
    """What is compared with: experiments, targets, rates."""
    return (
        _table(
            "experiments",
            "one lift test",
            f"""experiment_id VARCHAR; network VARCHAR; campaign VARCHAR; design VARCHAR; direction VARCHAR;
            start_date DATE; end_date DATE; currency VARCHAR; incremental_revenue {MONEY}; standard_error {MONEY};
            spend {MONEY}""",
            "experiment_id",
        ),
        _table(
            "geo_sales",
            "one geography and day of sales",
            f"""metric_date DATE; geo VARCHAR; revenue {MONEY}; currency VARCHAR; experiment_id VARCHAR;
            geo_group VARCHAR""",
            "metric_date geo currency experiment_id",
        ),
        _table(
            "objectives",
            "one target over one period",
            f"""objective_id VARCHAR; name VARCHAR; metric VARCHAR; period_start DATE; period_end DATE; target {MONEY};
            network VARCHAR; campaign VARCHAR; currency VARCHAR""",
            "objective_id",
        ),
        _table(
            "fx_rates",
            "what one euro was worth in one currency on one day",
            f"rate_date DATE; currency VARCHAR; rate {MONEY}",
            "rate_date currency",
        ),
    )


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


@cache
def raw_tables() -> dict[str, RawTable]:
    """Every canonical raw table by name."""
    tables = (
        _table(
            "action_metrics",
            "one social action as one file reports it: for a day, for its lifetime, or over a range",
            f"""network VARCHAR; account VARCHAR; account_name VARCHAR; action_id VARCHAR; action_type VARCHAR;
            published_at TIMESTAMP; published_date DATE; format VARCHAR; campaign VARCHAR; permalink VARCHAR;
            text_excerpt VARCHAR; seller_id VARCHAR; basis VARCHAR; metric_date DATE; period_start DATE;
            period_end DATE; currency VARCHAR; duration_seconds {MONEY}""",
            "network action_id basis metric_date as_of",
            metrics_of="social",
        ),
        _table(
            "account_metrics",
            "one account and day as one file reports it",
            "network VARCHAR; account VARCHAR; metric_date DATE; currency VARCHAR",
            "network account metric_date",
            metrics_of="social",
        ),
        _table(
            "web_metrics",
            "one breakdown of a website's visits by one dimension (page, landing page, channel, source, campaign, "
            "event, day), for a day or over a range; rows of different dimensions speak of the same visits",
            """property VARCHAR; dimension VARCHAR; scope VARCHAR; page VARCHAR; page_title VARCHAR;
            landing_page VARCHAR; channel VARCHAR; visit_source VARCHAR; visit_medium VARCHAR; campaign VARCHAR;
            event_name VARCHAR; basis VARCHAR; metric_date DATE; period_start DATE; period_end DATE;
            currency VARCHAR""",
            "source property dimension scope page page_title landing_page channel visit_source visit_medium campaign "
            "event_name basis metric_date period_start period_end",
            metrics_of="web",
        ),
        _table(
            "touchpoints",
            "one touch of one person",
            """touch_id VARCHAR; customer_id VARCHAR; touched_at TIMESTAMP; touch_type VARCHAR; channel VARCHAR;
            network VARCHAR; action_id VARCHAR; campaign VARCHAR; utm_source VARCHAR; utm_medium VARCHAR;
            utm_campaign VARCHAR; utm_content VARCHAR; utm_term VARCHAR; referrer VARCHAR; landing_url VARCHAR;
            click_id VARCHAR; discount_code VARCHAR; seller_id VARCHAR; account_id VARCHAR""",
            "touch_id",
        ),
        _table(
            "orders",
            "one order",
            f"""shop VARCHAR; order_id VARCHAR; order_name VARCHAR; customer_id VARCHAR; ordered_at TIMESTAMP;
            revenue {MONEY}; currency VARCHAR; cost_of_goods {MONEY}; discount_code VARCHAR; status VARCHAR;
            is_cancelled BOOLEAN; refunded_amount {MONEY}; refunded_at TIMESTAMP; is_new_customer BOOLEAN;
            subtotal {MONEY}; discount_amount {MONEY}; settled_amount {MONEY}; settled_currency VARCHAR;
            fee_amount {MONEY}; self_reported_source VARCHAR""",
            "source shop order_id",
        ),
        _table(
            "order_lines",
            "one line of one order",
            f"""shop VARCHAR; order_id VARCHAR; line_number BIGINT; item_name VARCHAR; sku VARCHAR;
            quantity {MONEY}; unit_price {MONEY}; line_amount {MONEY}; currency VARCHAR""",
            "source shop order_id line_number",
        ),
        _table(
            "costs",
            "one cost over one period",
            f"""period_start DATE; period_end DATE; amount {MONEY}; currency VARCHAR; cost_type VARCHAR;
            network VARCHAR; account VARCHAR; campaign VARCHAR; action_id VARCHAR; seller_id VARCHAR;
            occurrence BIGINT""",
            "period_start period_end cost_type network account campaign action_id seller_id occurrence",
        ),
        _table(
            "marks",
            "one short link, discount code or answer, and what it stands for",
            """mark_type VARCHAR; mark VARCHAR; network VARCHAR; channel VARCHAR; campaign VARCHAR; action_id VARCHAR;
            seller_id VARCHAR""",
            "mark_type mark",
        ),
        _table(
            "daily_sales",
            "one day of sales",
            f"metric_date DATE; revenue {MONEY}; currency VARCHAR; controls VARCHAR",
            "metric_date currency",
        ),
        *_crm_tables(),
        *_plan_tables(),
    )
    return {table.name: table for table in tables}


def create_table_sql(schema: str, name: str, columns: tuple[Column, ...]) -> str:
    """DDL of one table, safe to run again."""
    body = ", ".join(f'"{column.name}" {column.sql_type}' for column in columns)
    return f'create table if not exists {schema}."{name}" ({body})'
