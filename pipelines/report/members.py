"""What the report says of campaigns and salespeople."""

from __future__ import annotations

from collections import defaultdict

import duckdb

from pipelines.report.sql import columns, decimal, rows
from pipelines.report.values import CampaignRoi, Seller

TOP_CAMPAIGNS = 12

CAMPAIGNS = """
with ranked as (
    select
        *,
        row_number() over (
            partition by model
            order by greatest(coalesce(cost, 0), coalesce(revenue_credited, 0)) desc, network, member
        ) as place,
        count(*) over (partition by model) as campaigns
    from published.fct_roi
    where dimension = 'campaign' and (cost <> 0 or conversions_credited <> 0)
)

select
    ranked.model, ranked.network, coalesce(networks.display_name, ranked.network) as display_name, ranked.member,
    ranked.cost, ranked.conversions_credited, ranked.revenue_credited, ranked.roas, ranked.cpa, ranked.payback_days,
    ranked.campaigns
from ranked
left join published.dim_networks as networks on ranked.network = networks.network
where ranked.place <= $1
order by ranked.model, ranked.revenue_credited desc nulls last, ranked.cost desc nulls last, ranked.member
"""

SELLERS = """
with costs as (
    select member as seller_id, max(cost) as cost from published.fct_roi where dimension = 'seller' group by member
)

select
    pipeline.seller_id, cast(sum(pipeline.touches) as bigint) as touches,
    sum(pipeline.revenue_credited) as credited, sum(pipeline.revenue_won) as won,
    sum(pipeline.revenue_influenced) as influenced, any_value(costs.cost) as cost
from published.fct_seller_pipeline as pipeline
left join costs on pipeline.seller_id = costs.seller_id
group by pipeline.seller_id
order by credited desc nulls last, won desc nulls last, pipeline.seller_id
"""


def read_campaigns(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[CampaignRoi, ...]]:
    """By model, the campaigns with the most money in them, the highest credit first."""
    found: dict[str, list[CampaignRoi]] = defaultdict(list)
    if columns(connection, "fct_roi"):
        for row in rows(connection, CAMPAIGNS, TOP_CAMPAIGNS):
            model = str(row.pop("model"))
            found[model].append(CampaignRoi(**row))
    return {model: tuple(campaigns) for model, campaigns in found.items()}


def read_sellers(connection: duckdb.DuckDBPyConnection) -> tuple[Seller, ...]:
    """Every salesperson who touched, won or cost something."""
    if not (columns(connection, "fct_seller_pipeline") and columns(connection, "fct_roi")):
        return ()
    found = rows(connection, SELLERS)
    return tuple(
        Seller(
            seller_id=row["seller_id"],
            touches=row["touches"],
            **{name: decimal(row[name]) for name in ("credited", "won", "influenced", "cost")},
        )
        for row in found
    )
