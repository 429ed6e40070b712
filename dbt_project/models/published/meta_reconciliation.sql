with

reconciliation as (
    select * from {{ ref('mart_reconciliation') }}
)

select
    kind,
    network,
    account,
    action_key,
    metric,
    period_start,
    period_end,
    value_believed,
    value_other,
    difference,
    source_believed,
    source_other,
    file_believed,
    file_other,
    as_of_believed,
    as_of_other,
    believed_because
from reconciliation
