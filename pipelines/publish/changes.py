"""Why a publication says something else than the one before it, conversion by conversion.

Both publications are at hand in full (``earlier`` and ``target``), so that each difference of a model, conversion,
network and month is traced to what differs in the conversion, its touches, the models or the settings. A difference
has at most two parts: what comes from another amount, and what comes from another division of it; where both apply,
the new amount is first divided as the old one was. The parts add up to the difference, whatever the rounding, and what
no reason accounts for is said to be ``unexplained``. docs/attribution.md says the same in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.credit_models import PATH_MODELS, TOTAL_MODELS
from pipelines.warehouse import PUBLISHED

if TYPE_CHECKING:
    import duckdb

COMPARED = {
    "fct_attributed_revenue": {
        "model", "conversion_id", "touch_id", "network", "conversion_date", "credit", "revenue_credited",
        "net_revenue_credited",
    },
    "fct_conversions": {
        "conversion_id", "customer_id", "account_id", "converted_at", "conversion_date", "revenue", "net_revenue",
        "original_amount", "original_currency",
    },
    "fct_touchpoints": {"touch_id", "customer_id", "touched_at", "channel", "network", "campaign", "touch_type"},
    "meta_publication": {"publication_id", "currency", "time_zone"},
}  # fmt: skip
"""What both publications must hold for reasons to be told."""


def find_changes(connection: duckdb.DuckDBPyConnection, *, is_comparable: bool) -> None:
    """Fill ``fct_reported_changes`` of the candidate with the differences from the publication before it.

    Args:
        connection: has the candidate as ``target``, the temp tables ``previous`` (a row of the log), ``figures`` and
            ``figures_then``, and, if comparable, the publication before as ``earlier``.
        is_comparable: whether that is there and complete. If not, every difference is ``unexplained``.
    """
    connection.execute(_SETTINGS)
    connection.execute(_MODELS)
    for statement in (_MOVED, _CONVERSIONS, _TOUCHES, _REASONS, _parts()) if is_comparable else (_NO_PARTS,):
        connection.execute(statement)
    connection.execute(_EXPLAINED)
    connection.execute(_UNEXPLAINED)


_SAID = """
    select
        model, conversion_id, network, cast(date_trunc('month', conversion_date) as date) as month,
        cast(sum(credit) as decimal(18, 9)) as credit,
        cast(coalesce(sum(revenue_credited), 0) as decimal(18, 6)) as revenue,
        cast(coalesce(sum(net_revenue_credited), 0) as decimal(18, 6)) as net
    from {catalog}.published.fct_attributed_revenue
    group by all
"""

_MOVED = f"""
create or replace temp table moved as
with new as ({_SAID.format(catalog="target")}), old as ({_SAID.format(catalog="earlier")})
select
    coalesce(new.model, old.model) as model,
    coalesce(new.conversion_id, old.conversion_id) as conversion_id,
    coalesce(new.network, old.network) as network,
    coalesce(new.month, old.month) as month,
    coalesce(old.credit, 0) as credit_then, coalesce(new.credit, 0) as credit_now,
    coalesce(old.revenue, 0) as revenue_then, coalesce(new.revenue, 0) as revenue_now,
    coalesce(old.net, 0) as net_then, coalesce(new.net, 0) as net_now
from new full join old
    on new.model = old.model and new.conversion_id = old.conversion_id and new.month = old.month
    and new.network is not distinct from old.network
where (new.credit, new.revenue, new.net) is distinct from (old.credit, old.revenue, old.net)
"""

_CONVERSIONS = """
create or replace temp table moved_conversions as
select
    conversion_id,
    old.conversion_id is null as is_new,
    new.conversion_id is null as is_gone,
    new.converted_at is distinct from old.converted_at as is_moved,
    new.conversion_date is distinct from old.conversion_date as is_another_day,
    new.original_amount is distinct from old.original_amount
    or new.original_currency is distinct from old.original_currency as is_restated,
    new.revenue is distinct from old.revenue as revenue_differs,
    new.net_revenue is distinct from old.net_revenue as net_differs,
    new.customer_id is distinct from old.customer_id or new.account_id is distinct from old.account_id as is_relinked,
    coalesce(new.revenue, 0) as revenue_total,
    coalesce(new.net_revenue, 0) as net_total
from (select distinct conversion_id from moved)
left join target.published.fct_conversions as new using (conversion_id)
left join earlier.published.fct_conversions as old using (conversion_id)
"""

_PAIRS = """
    select distinct conversion_id, touch_id from {catalog}.published.fct_attributed_revenue
    where touch_id is not null and conversion_id in (select conversion_id from moved)
"""

_TOUCHES = f"""
create or replace temp table moved_touches as
with new_pairs as ({_PAIRS.format(catalog="target")}), old_pairs as ({_PAIRS.format(catalog="earlier")}),
pairs as (
    select
        coalesce(new_pairs.conversion_id, old_pairs.conversion_id) as conversion_id,
        coalesce(new_pairs.touch_id, old_pairs.touch_id) as touch_id,
        old_pairs.touch_id is null as is_gained,
        new_pairs.touch_id is null as is_lost
    from new_pairs full join old_pairs
        on new_pairs.conversion_id = old_pairs.conversion_id and new_pairs.touch_id = old_pairs.touch_id
),
held as (
    select
        pairs.*,
        new.touch_id is not null as is_known_now,
        old.touch_id is not null as was_known,
        new.customer_id is distinct from old.customer_id as is_relinked,
        (new.touched_at, new.channel, new.network, new.campaign, new.touch_type)
        is distinct from (old.touched_at, old.channel, old.network, old.campaign, old.touch_type) as is_restated
    from pairs
    left join target.published.fct_touchpoints as new on pairs.touch_id = new.touch_id
    left join earlier.published.fct_touchpoints as old on pairs.touch_id = old.touch_id
)
select
    conversion_id,
    bool_or(is_gained and not was_known) as has_late,
    bool_or((is_gained or is_lost) and is_known_now and was_known and is_relinked) as has_relinked,
    bool_or(not is_known_now or (was_known and is_restated)) as has_restated,
    bool_or((is_gained or is_lost) and is_known_now and was_known and not is_restated) as has_regrouped
from held
group by conversion_id
"""

_SETTINGS = f"""
create or replace temp table settings_compared as
select
    new.settings_digest is distinct from old.settings_digest as differ,
    new.git_sha is distinct from old.git_sha or new.spec_version is distinct from old.spec_version as code_differs,
    new.currency is distinct from old.currency as currency_differs
from {PUBLISHED}.meta_publication_log as new, previous as old
where new.publication_id = (select publication_id from {PUBLISHED}.meta_publication)
"""

_MODELS = """
create or replace temp table models_compared as
select model, count(distinct told) < 2 as is_added_or_dropped
from (select model, 1 as told from figures union all select model, 2 as told from figures_then)
group by model
"""

_LISTED = ", ".join(f"'{model}'" for model in PATH_MODELS)
"""Models that learn from everybody's journeys: one person's touch changes another's credit."""

_TOTALS = ", ".join(f"'{model}'" for model in TOTAL_MODELS)

_REASONS = f"""
create or replace temp table reasons as
select
    moved.*, conversions.revenue_total, conversions.net_total,
    case
        when models.is_added_or_dropped then 'setting'
        when conversions.is_new then 'new_conversion'
        when conversions.is_gone then 'withdrawn'
        when settings.currency_differs then 'setting'
        when conversions.is_moved then 'restated'
        when conversions.is_another_day then 'setting'
    end as whole_reason,
    case
        when not conversions.revenue_differs then null
        when conversions.is_restated then 'restated'
        else 'rate'
    end as revenue_reason,
    case when conversions.net_differs then coalesce(revenue_reason, 'refund') end as net_reason,
    case
        when conversions.is_relinked or touches.has_relinked then 'identity'
        when touches.has_late then 'late_touch'
        when touches.has_restated then 'touch_restated'
        when touches.has_regrouped and not settings.differ and not settings.code_differs then 'identity'
    end as share_reason,
    case
        when moved.model in ({_LISTED}) and not settings.differ then 'relearnt'
        when settings.differ or settings.code_differs then 'setting'
        else 'unexplained'
    end as other_reason
from moved
cross join settings_compared as settings
inner join moved_conversions as conversions on moved.conversion_id = conversions.conversion_id
left join models_compared as models on moved.model = models.model
left join moved_touches as touches on moved.conversion_id = touches.conversion_id
"""


def _parts() -> str:
    """The parts of each difference: one row for each measure and reason."""
    measures = (
        ("conversions", "credit", "cast(null as varchar)", "0"),
        ("revenue", "revenue", "revenue_reason", "revenue_total"),
        ("net_revenue", "net", "net_reason", "net_total"),
    )
    differences = " union all ".join(
        f"""
            select model, network, month, conversion_id, '{measure}' as measure, {name}_now - {name}_then as change,
                coalesce(whole_reason, {amount_reason}) as amount_reason,
                case when whole_reason is null then share_reason end as share_reason, other_reason,
                cast(round({total} * credit_then, 6) as decimal(18, 6)) - {name}_then as amount_part
            from reasons where {name}_now <> {name}_then
        """
        for measure, name, amount_reason, total in measures
    )
    return f"""
        create or replace temp table parts as
        with differences as ({differences}),
        split as (
            select
                * exclude (amount_part),
                case
                    when amount_reason is null then 0
                    when share_reason is null then change
                    else amount_part
                end as amount_part
            from differences
        )
        select model, network, month, conversion_id, measure, amount_reason as reason, amount_part as change
        from split where amount_reason is not null
        union all
        select
            model, network, month, conversion_id, measure, coalesce(share_reason, other_reason) as reason,
            change - amount_part as change
        from split where amount_part <> change
    """


_NO_PARTS = """
create or replace temp table parts (
    model varchar, network varchar, month date, conversion_id varchar, measure varchar, reason varchar,
    change decimal(24, 9)
)
"""

_EXPLAINED = f"""
insert into {PUBLISHED}.fct_reported_changes by name
select
    publications.publication_id, publications.published_at, previous.publication_id as previous_publication_id,
    model, network, month, reason,
    count(distinct conversion_id) as conversions,
    coalesce(sum(change) filter (where measure = 'conversions'), 0) as conversions_change,
    coalesce(sum(change) filter (where measure = 'revenue'), 0) as revenue_change,
    coalesce(sum(change) filter (where measure = 'net_revenue'), 0) as net_revenue_change
from parts, {PUBLISHED}.meta_publication as publications, previous
where change <> 0
group by all
order by all
"""

_UNEXPLAINED = f"""
insert into {PUBLISHED}.fct_reported_changes by name
with publications as (select publication_id, published_at from {PUBLISHED}.meta_publication),
signed as (
    select
        model, network, month, conversions_credited as conversions_change, revenue_credited as revenue_change,
        net_revenue_credited as net_revenue_change
    from figures
    union all
    select model, network, month, -conversions_credited, -revenue_credited, -net_revenue_credited from figures_then
    union all
    select model, network, month, -conversions_change, -revenue_change, -net_revenue_change
    from {PUBLISHED}.fct_reported_changes where publication_id = (select publication_id from publications)
),
left_over as (
    select
        model, network, month,
        coalesce(sum(conversions_change), 0) as conversions_change, coalesce(sum(revenue_change), 0) as revenue_change,
        coalesce(sum(net_revenue_change), 0) as net_revenue_change
    from signed
    group by all
)
select
    publications.publication_id, publications.published_at, previous.publication_id as previous_publication_id,
    left_over.*,
    case
        when models.model is null or left_over.model not in ({_TOTALS}) then 'unexplained'
        when models.is_added_or_dropped or settings.differ then 'setting'
        else 'relearnt'
    end as reason
from left_over
cross join publications
cross join previous
cross join settings_compared as settings
left join models_compared as models on left_over.model = models.model
where conversions_change <> 0 or revenue_change <> 0 or net_revenue_change <> 0
order by all
"""
