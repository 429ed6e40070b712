"""Credit: for every model, what is divided adds up exactly and goes only to touches that may have it."""

from __future__ import annotations

from expectations.checks import Check, no_rows
from expectations.contract import REBUILD, Layer
from pipelines.credit_passes import longest_windows
from pipelines.settings import Settings

NO_CHANNEL = "(none)"


def checks(layer: Layer, settings: Settings) -> list[Check]:
    """Every rule of credit, on the tables of one layer."""
    table, conversions = layer("fct_attributed_revenue"), layer("fct_conversions")
    return [
        *_credits(table),
        _money_sums(table, conversions, "revenue"),
        _money_sums(table, conversions, "net_revenue"),
        *_touches_in_time(table, settings),
        _every_model(table, conversions, settings),
        *(
            _exists(table, column, layer(other))
            for column, other in (
                ("conversion_id", "fct_conversions"),
                ("touch_id", "fct_touchpoints"),
                ("action_key", "dim_actions"),
            )
        ),
    ]


def _credits(table: str) -> list[Check]:
    return [
        no_rows(
            "credits_sum_to_one",
            table,
            "stop",
            sql="""select model, conversion_id, sum(credit) as credit, count(*) as touches from this
                group by all having sum(credit) is distinct from 1 order by all""",
            meaning="for each model and conversion the credits add up to exactly 1",
            remedy=REBUILD,
        ),
        no_rows(
            "credit_between_zero_and_one",
            table,
            "stop",
            sql="""select model, conversion_id, touch_id, credit from this
                where credit is null or credit < 0 or credit > 1 order by all""",
            meaning="no credit is below 0 or above 1",
            remedy=REBUILD,
        ),
        no_rows(
            "no_touch_no_touch_id",
            table,
            "stop",
            sql=f"""select model, conversion_id, channel, touch_id, touched_at, credit from this
                where (channel = '{NO_CHANNEL}') is distinct from (touch_id is null)
                or (touch_id is null and (touched_at is not null or credit is distinct from 1))
                order by all""",
            meaning=f"a row {NO_CHANNEL} has no touch and the whole credit; every other row has a touch",
            remedy=REBUILD,
        ),
    ]


def _money_sums(table: str, conversions: str, column: str) -> Check:
    return no_rows(
        f"{column}_sums_exactly",
        table,
        "stop",
        sql=f"""with credited as (
                select model, conversion_id, sum({column}_credited) as credited,
                count(*) filter (where {column}_credited is null) as unknown_parts from this group by all
            )
            select credited.model, conversion_id, credited.credited, conversions.{column}
            from credited left join {conversions} as conversions using (conversion_id)
            where credited.credited is distinct from conversions.{column}
            or (conversions.{column} is not null and credited.unknown_parts > 0) order by all""",
        meaning=f"for each model the {column} of a conversion is divided to the last digit; NULL stays NULL",
        remedy=REBUILD,
    )


def _touches_in_time(table: str, settings: Settings) -> list[Check]:
    """A touch counts to the second: one within the second of the conversion is not after it."""
    windows = ", ".join(f"('{model}', {days})" for model, days in longest_windows(settings).items())
    touched, converted = "date_trunc('second', touched_at)", "date_trunc('second', converted_at)"
    return [
        no_rows(
            "touched_before_converted",
            table,
            "stop",
            sql=f"""select model, conversion_id, touch_id, touched_at, converted_at from this
                where {touched} > {converted} order by all""",
            meaning="no touch after the conversion has credit",
            remedy=REBUILD,
        ),
        no_rows(
            "touched_within_lookback",
            table,
            "stop",
            sql=f"""select model, conversion_id, touch_id, touched_at, converted_at, lookback_days
                from this join (values {windows}) as windows (model, lookback_days) using (model)
                where {touched} < {converted} - to_days(lookback_days) order by all""",
            meaning="no touch before the lookback window has credit",
            remedy="If you changed a window in roi.yml, run `social-roi run --full-refresh`",
        ),
    ]


def _every_model(table: str, conversions: str, settings: Settings) -> Check:
    models = ", ".join(f"('{model}')" for model in settings.touch_models)
    return no_rows(
        "no_model_missing",
        conversions,
        "stop",
        sql=f"""select models.model, count(*) as conversions_missing, min(conversion_id) as first_missing
            from this cross join (values {models}) as models (model)
            where not exists (
                select 1 from {table} as credited
                where credited.model = models.model and credited.conversion_id = this.conversion_id
            ) group by all order by all""",
        meaning="each model of roi.yml has divided each conversion",
        remedy="If you added a model to roi.yml, run `social-roi run --full-refresh`",
    )


def _exists(table: str, column: str, other: str) -> Check:
    return no_rows(
        f"{column}_exists",
        table,
        "stop",
        sql=f"""select {column}, count(*) as row_count from this
            where {column} is not null
            and not exists (select 1 from {other} as known where known.{column} = this.{column})
            group by all order by all""",
        meaning=f"each {column} that has credit is in {other}",
        remedy=REBUILD,
    )
