"""Whether a network's exports are late, held against its own rhythm: one that comes weekly is not late on a Tuesday."""

from __future__ import annotations

from datetime import date
from math import ceil

METRICS = (
    "impressions", "reach", "engagements", "reactions", "comments", "shares", "saves", "link_clicks", "video_views",
    "follows",
)  # fmt: skip
"""What a network reports: a file that holds one of these is a network's own, one of touches or costs is not."""

EXPORTS_COMPARED = 12
"""The usual gap is the median of this many gaps between the last days of successive exports."""

GRACE_DAYS = 1
"""An export of a day is made on the next."""

USUAL_GAPS = f"""
    with ends as (
        select distinct trim(part.network) as network, cast(period_end as date) as period_end
        from published.meta_loads
        cross join unnest(string_split(networks, ',')) as part (network)
        where status = 'loaded' and period_end is not null and file_sha256 in (
            select file_sha256 from published.meta_file_totals where metric in {METRICS}
        )
    ),

    gaps as (
        select network, period_end - lag(period_end) over (partition by network order by period_end) as days
        from ends
        qualify row_number() over (partition by network order by period_end desc) <= {EXPORTS_COMPARED}
    )

    select network, median(days) as usual_gap_days
    from gaps
    where days is not null
    group by network
"""
"""By network, days between the last days of successive exports. A network with one export has no rhythm yet."""


def is_late(data_through: date | None, *, today: date, usual_gap_days: float | None, status: str | None) -> bool | None:
    """Whether the next export is overdue.

    Args:
        data_through: the last day that the network's metrics have.
        today: the present day.
        usual_gap_days: of ``USUAL_GAPS``; None where only one export has come.
        status: of ``dim_networks``; a retired network is never late.

    Returns:
        None where the rhythm is not known.
    """
    if status == "retired":
        return False
    if data_through is None or usual_gap_days is None:
        return None
    return (today - data_through).days > ceil(usual_gap_days) + GRACE_DAYS
