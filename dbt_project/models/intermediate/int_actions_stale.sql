{#- A campaign is told of once, so that whatever changes about one of its ads may change what counts of the others. -#}
{%- if is_increment() -%}
with

rows_known as (
    select action_key, network, campaign, is_ad from {{ ref('int_action_rows_fingerprinted') }}
    union
    select action_key, network, campaign, is_ad from built.int_action_rows_fingerprinted
),

moved as (
    select action_key from ({{ changed_rows('int_action_rows_fingerprinted') }}) as changed
    union
    select network || ':' || known_action_id as action_key
    from {{ ref('int_action_metrics_identified') }}
    where file_sha256 in (select files.file_sha256 from built.action_files_changed as files)
),

campaigns as (
    select distinct
        rows_known.network,
        rows_known.campaign
    from rows_known
    inner join moved on rows_known.action_key = moved.action_key
    where rows_known.is_ad and rows_known.campaign is not null
)

select action_key from moved
union
select rows_known.action_key
from rows_known
inner join campaigns on rows_known.network = campaigns.network and rows_known.campaign = campaigns.campaign
where rows_known.is_ad
{%- else -%}
select action_key from {{ ref('int_action_rows_fingerprinted') }}
where false
{%- endif %}
