select
    network || ':' || known_action_id as action_key,
    network,
    campaign,
    coalesce(action_type = 'ad', false) as is_ad,
    is_named,
    source_rank,
    count(*) as row_count,
    {{ fingerprint(['file_sha256', 'row_number', 'layout']) }} as row_fingerprint
from {{ ref('int_action_metrics_identified') }}
group by network, known_action_id, campaign, coalesce(action_type = 'ad', false), is_named, source_rank
