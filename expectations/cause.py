"""Cause: intervals hold together, parts add up to their network, and the estimation can be relied on."""

from __future__ import annotations

from expectations.checks import Check, no_rows, one_of
from expectations.contract import REBUILD, Layer
from pipelines.warehouse import INCREMENTALITY

DIAGNOSES = f"{INCREMENTALITY}.diagnoses"
GRADES = ("experiment", "calibrated_model", "model", "credit_only")
PARETO_K, SPREAD, PLACEBO, MOVED = 0.7, 1.1, 3.5, 0.1
CENT = 0.01


def checks(layer: Layer) -> list[Check]:
    """Every check on what social media is estimated to have caused."""
    table = layer("fct_incremental_revenue")
    return [
        one_of(table, "evidence", GRADES, show=["network", "campaign"], remedy=REBUILD),
        no_rows(
            "interval_holds_point",
            table,
            "stop",
            sql="""select network, campaign, period_kind, period_start, incremental_revenue, incremental_revenue_low,
                    incremental_revenue_high from this
                where incremental_revenue < incremental_revenue_low or incremental_revenue > incremental_revenue_high
                    or incremental_revenue_low > incremental_revenue_high
                    or (incremental_revenue_low is null) <> (incremental_revenue_high is null) order by all""",
            meaning="each interval has two ends in order, and holds its point",
            remedy=REBUILD,
        ),
        no_rows(
            "no_number_has_a_reason",
            table,
            "stop",
            sql="""select network, campaign, period_kind, period_start from this
                where incremental_revenue_high is null and reason is null order by all""",
            meaning="where nothing can be said, it is said why",
            remedy=REBUILD,
        ),
        no_rows(
            "assumption_gives_no_point",
            table,
            "stop",
            sql="""select network, campaign, period_kind, period_start, incremental_revenue from this
                where is_prior_dominated and incremental_revenue is not null order by all""",
            meaning="what was assumed beforehand is never given as a finding",
            remedy=REBUILD,
        ),
        no_rows(
            "campaigns_add_up_to_network",
            table,
            "stop",
            sql=f"""select network, sum(incremental_revenue) filter (campaign is null) as of_network,
                    sum(incremental_revenue) filter (campaign is not null) as of_campaigns from this
                where period_kind = 'all' group by network
                having abs(of_network - of_campaigns) > {CENT} * count(*) order by all""",
            meaning="what campaigns caused adds up to what their network did, to the cent that each is rounded to",
            remedy=REBUILD,
        ),
        no_rows(
            "baseline_not_negative",
            table,
            "warn",
            sql=f"""with caused as (
                    select sum(incremental_revenue) as incremental_revenue from this
                    where period_kind = 'all' and campaign is null
                )
                select caused.incremental_revenue, diagnoses.revenue from caused cross join {DIAGNOSES} as diagnoses
                where caused.incremental_revenue > diagnoses.revenue order by all""",
            meaning="networks together did not cause more than was sold",
            remedy="A test or a currency is off by a factor: look at experiments and daily_sales",
        ),
        *_diagnoses(),
    ]


def _diagnoses() -> list[Check]:
    """How well the estimation itself went."""
    return [
        no_rows(
            "weights_reliable",
            DIAGNOSES,
            "warn",
            sql=f"select pareto_k from this where pareto_k > {PARETO_K} order by all",
            meaning="the importance weights have a tail that their mean can be taken of (Pareto k)",
            remedy="The witnesses contradict each other: look at the notes of fct_incremental_revenue, and at tests",
        ),
        no_rows(
            "chains_agree",
            DIAGNOSES,
            "warn",
            sql=f"select spread from this where spread > {SPREAD} order by all",
            meaning="the chains that draw shapes of effect agree (R-hat)",
            remedy="Two networks may move almost together: run one without the other for some weeks",
        ),
        no_rows(
            "placebo_without_effect",
            DIAGNOSES,
            "warn",
            sql=f"select placebo from this where abs(placebo) > {PLACEBO} order by all",
            meaning="a network that never was (another's activity, moved by half the panel) seems to cause nothing",
            remedy="Sales have a rhythm that the baseline misses: give it as a column of daily_sales, such as holidays",
        ),
        no_rows(
            "closed_months_stay",
            DIAGNOSES,
            "warn",
            sql=f"select moved from this where moved > {MOVED} order by all",
            meaning="what is said of closed months moved by less than a tenth (median) since the last run",
            remedy="New tests, corrected sales or costs explain it; else few days bear the estimates: test a network",
        ),
    ]
