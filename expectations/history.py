"""History: what was said is there for every publication, and what changed since adds up to what is said now."""

from __future__ import annotations

from expectations.checks import Check, has_columns, no_rows, unique_key
from expectations.contract import Layer

PUBLISH_AGAIN = "Run `social-roi publish` again; report it if the failure stays"

TABLES = {
    "fct_reported_history": (
        ("publication_id", "model", "network", "month"),
        ("published_at", "revenue_credited", "net_revenue_credited", "revenue_credited_now"),
    ),
    "fct_reported_changes": (
        ("publication_id", "model", "network", "month", "reason"),
        ("published_at", "previous_publication_id", "revenue_change", "net_revenue_change"),
    ),
    "meta_publication_log": (("publication_id",), ("published_at", "said_in", "currency")),
}
"""The tables that publishing itself fills: the key of each, and further columns that are relied on."""

LAST = "select * from {log} order by published_at desc, publication_id desc limit 1"


def checks(layer: Layer) -> list[Check]:
    """Every check of what was said, on the tables of a candidate."""
    found = []
    for name, (key, columns) in TABLES.items():
        found.append(has_columns(layer(name), (*key, *columns), remedy=PUBLISH_AGAIN))
        found.append(unique_key(layer(name), key, remedy=PUBLISH_AGAIN))
    return [*found, _said_as_attributed(layer), _changes_add_up(layer), _changes_explained(layer)]


def _said_as_attributed(layer: Layer) -> Check:
    return no_rows(
        "said_as_attributed",
        layer("fct_reported_history"),
        "stop",
        sql=f"""with last as ({LAST.format(log=layer("meta_publication_log"))}),
            credited as (
                select model, network, cast(date_trunc('month', conversion_date) as date) as month,
                sum(credit) as conversions, sum(revenue_credited) as revenue, sum(net_revenue_credited) as net_revenue
                from {layer("fct_attributed_revenue")} group by all
            ),
            said as (
                select model, network, month, conversions_credited as conversions, revenue_credited as revenue,
                net_revenue_credited as net_revenue from this
                where publication_id = (select said_in from last) and model in (select model from credited)
            )
            select 'said' as place, * from (from said except from credited)
            union all select 'credited' as place, * from (from credited except from said) order by all""",
        meaning="what this publication says in the history is what it credits, month by month",
        remedy=PUBLISH_AGAIN,
    )


def _changes_add_up(layer: Layer) -> Check:
    return no_rows(
        "changes_add_up",
        layer("fct_reported_changes"),
        "stop",
        sql=f"""with aged as (
                select publication_id, said_in,
                row_number() over (order by published_at desc, publication_id desc) as age
                from {layer("meta_publication_log")}
            ),
            said as (
                select aged.age, history.* from {layer("fct_reported_history")} as history
                join aged on history.publication_id = aged.said_in where aged.age <= 2
            ),
            signed as (
                select model, network, month, coalesce(revenue_credited, 0) * (2 * age - 3) as revenue,
                coalesce(net_revenue_credited, 0) * (2 * age - 3) as net_revenue,
                conversions_credited * (2 * age - 3) as conversions from said
                union all
                select model, network, month, revenue_change, net_revenue_change, conversions_change from this
                where publication_id = (select publication_id from aged where age = 1)
            )
            select model, network, month, sum(revenue) as revenue, sum(net_revenue) as net_revenue,
            sum(conversions) as conversions from signed where (select count(*) from aged) > 1 group by all
            having sum(revenue) <> 0 or sum(net_revenue) <> 0 or sum(conversions) <> 0 order by all""",
        meaning="what the publication before this one said, plus the changes, is what this one says",
        remedy=PUBLISH_AGAIN,
    )


def _changes_explained(layer: Layer) -> Check:
    return no_rows(
        "changes_explained",
        layer("fct_reported_changes"),
        "warn",
        sql=f"""with last as ({LAST.format(log=layer("meta_publication_log"))})
            select model, network, month, revenue_change, net_revenue_change from this
            where reason = 'unexplained' and publication_id = (select publication_id from last) order by all""",
        meaning="every difference from the publication before this one has a reason",
        remedy="Expected once after published/ was deleted or the layout of tables changed; else report it",
    )
