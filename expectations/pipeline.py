"""Pipeline: opportunities pass their stages in order, and what is won has an account and an amount."""

from __future__ import annotations

from expectations.checks import Check, no_rows
from expectations.contract import Layer
from pipelines.warehouse import INTERMEDIATE

STAGES = f"{INTERMEDIATE}.int_opportunity_stages"


def checks(layer: Layer) -> list[Check]:
    """Every check on opportunities."""
    conversions = layer("fct_conversions")
    return [
        no_rows(
            "stages_in_order",
            STAGES,
            "warn",
            sql="""select opportunity_key, stage, entered_at, stage_before, is_reopened from this
                where is_out_of_order or is_reopened order by all""",
            meaning="no opportunity goes back to a lead, or opens again after its close",
            remedy="The latest stage is believed: an opportunity that is open again is no sale. Where that is wrong, "
            "correct entered_at in the CRM or the file, or say in roi.yml (stages) what the stage stands for",
        ),
        no_rows(
            "stages_known",
            STAGES,
            "warn",
            sql="""select source, stage, count(distinct opportunity_key) as opportunities from this
                where not is_known group by all order by all""",
            meaning="each stage's name says whether it is a lead, an opportunity, won or lost",
            remedy="They are taken for open opportunities: say in roi.yml (stages) what they stand for",
        ),
        no_rows(
            "opportunity_has_account",
            conversions,
            "warn",
            sql="""select conversion_id, source, converted_at from this
                where kind = 'opportunity' and account_id is null order by all""",
            meaning="each opportunity that is won says which company bought",
            remedy="Only its own customer's touches are credited: export the company with it (all properties)",
        ),
        no_rows(
            "opportunity_has_amount",
            conversions,
            "warn",
            sql="""select conversion_id, source, converted_at from this
                where kind = 'opportunity' and original_amount is null order by all""",
            meaning="each opportunity that is won says for how much",
            remedy="It counts as a conversion without revenue: give its amount in the CRM and export again",
        ),
    ]
