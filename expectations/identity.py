"""People: what links say of who is who does not contradict itself, and what they answer is understood."""

from __future__ import annotations

from expectations.checks import Check, no_rows
from pipelines.warehouse import INTERMEDIATE

CLAIMS = f"{INTERMEDIATE}.int_identity_claims"
RESOLVED = f"{INTERMEDIATE}.int_identities_resolved"
ACCOUNTS = f"{INTERMEDIATE}.int_accounts_resolved"
ANSWERS = f"{INTERMEDIATE}.int_answers_resolved"


def checks() -> list[Check]:
    """Every check on identities."""
    return [
        no_rows(
            "anonymous_id_claimed_once",
            CLAIMS,
            "warn",
            sql="""select anonymous_id, claimants, min(linked_at) as first_linked_at, max(linked_at) as last_linked_at
                from this where claimants > 1 group by all order by all""",
            meaning="no two customers claim the same anonymous id",
            remedy="They stay two: each has the touches from its link to the next, the first also those before. If "
            "they are one person, link the one id with the other in identities",
        ),
        no_rows(
            "links_end_somewhere",
            CLAIMS,
            "warn",
            sql=f"""select anonymous_id, customer_id, linked_at from this
                where not exists (
                    select 1 from {RESOLVED} as resolved where resolved.anonymous_id = this.anonymous_id
                    and resolved.claimed_from = this.claimed_from
                ) order by all""",
            meaning="the links of each id lead to one customer, not round in a ring",
            remedy="These ids stay what they are: take one of the links out of the identities file",
        ),
        no_rows(
            "account_merged_once",
            ACCOUNTS,
            "warn",
            sql="""select merged_account_id, account_id, linked_at from this where is_disputed order by all""",
            meaning="no account was merged into two others",
            remedy="The earlier link is believed: take the other out of the identities file",
        ),
        no_rows(
            "answers_understood",
            ANSWERS,
            "warn",
            sql="select answer from this where not is_understood order by answer",
            meaning="each answer to how somebody heard of you names a network or search engine, or is a mark",
            remedy="These answers bring no touch: put what they stand for into landing/marks (mark_type self_reported)",
        ),
    ]
