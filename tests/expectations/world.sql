-- A small sound warehouse: two networks (one retired), two actions, three orders, four touches, one cost.
insert into raw.loads (reading_id, file_sha256, path, source, format, rows_read, rows_loaded, rows_quarantined, rows_ignored, status, reason, is_current)
values
    ('r1', 'sha1', 'net/posts.csv', 'net', 'posts', 30, 28, 1, 1, 'loaded', null, true),
    ('r2', 'sha2', 'shop/orders.csv', 'shop', 'orders', 3, 3, 0, 0, 'loaded', null, true),
    ('r3', 'sha3', 'touchpoints/touches.csv', 'touchpoints', 'touchpoints', 4, 4, 0, 0, 'loaded', null, true),
    ('r4', 'sha1', 'net/posts copy.csv', 'net', 'posts', 4, 0, 0, 0, 'duplicate', 'same content as net/posts.csv', true);

insert into raw.quarantine values ('sha1', 'table', 3, 'not a number', 'Impressions', 'abc');

insert into raw.file_totals values
    ('sha1', 'table', 'impressions', 'Impressions', 300, 2),
    ('sha1', 'table', 'reach', 'Reach', null, 2),
    ('sha1', 'table', 'spend', 'Spend', 12.5, 1),
    ('sha2', 'table', 'revenue', 'Total', 100.01, 2);

insert into loaded.action_metrics
    (file_sha256, row_number, source, layout, as_of, network, account, action_id, basis, metric_date, currency, impressions, reach, spend)
values
    ('sha1', 1, 'net', 'posts', '2026-08-31', 'net', 'main', 'a1', 'day', '2026-08-01', 'EUR', 100, 90, 12.5),
    ('sha1', 2, 'net', 'posts', '2026-08-31', 'net', 'main', 'a2', 'day', '2026-08-02', 'EUR', 200, 150, null);

insert into loaded.orders (file_sha256, row_number, source, layout, as_of, shop, order_id, customer_id, ordered_at, revenue, currency)
values
    ('sha2', 1, 'shop', 'orders', '2026-08-31', 's', 'o1', 'c1', '2026-08-10 12:00:00', 100.00, 'EUR'),
    ('sha2', 2, 'shop', 'orders', '2026-08-31', 's', 'o2', 'c2', '2026-08-11 12:00:00', 0.01, 'EUR'),
    ('sha2', 3, 'shop', 'orders', '2026-08-31', 's', 'o3', 'c3', '2026-08-12 12:00:00', 5.00, 'EUR');

insert into loaded.touchpoints (file_sha256, row_number, source, layout, as_of, touch_id, customer_id, touched_at, channel, network)
values
    ('sha3', 1, 'touchpoints', 'touchpoints', '2026-08-31', 't1', 'c1', '2026-08-09 12:00:00', 'net', 'net'),
    ('sha3', 2, 'touchpoints', 'touchpoints', '2026-08-31', 't2', 'c1', '2026-08-10 12:00:00', 'email', null),
    ('sha3', 3, 'touchpoints', 'touchpoints', '2026-08-31', 't3', 'c2', '2026-08-11 11:00:00', 'net', 'net'),
    ('sha3', 4, 'touchpoints', 'touchpoints', '2026-08-31', 't4', 'c4', '2026-08-11 11:00:00', 'email', null);

create schema published;

create table published.dim_networks as
select * from (values ('net', 'Net', 'active', 'impressions'), ('old', 'Old', 'retired', 'impressions'))
    as t (network, display_name, status, metrics_offered);

create table published.dim_actions as
select 'net:' || action_id as action_key, 'net' as network, 'main' as account, action_id, 'post' as action_type,
    timestamp '2026-08-01' as published_at, null::varchar as campaign, null::varchar as format, null::varchar as permalink,
    null::varchar as text_excerpt, null::varchar as seller_id
from raw.action_metrics;

create table published.fct_action_metrics_daily as
select 'net:' || action_id as action_key, network, metric_date, impressions, reach, engagements, reactions, comments,
    shares, saves, link_clicks, video_views, follows, spend, 'reported_daily' as basis
from raw.action_metrics;

create table published.fct_account_metrics_daily as
select network, 'main' as account, day as metric_date, impressions, reach, engagements, reactions, comments, shares, saves,
    link_clicks, video_views, follows, spend
from raw.action_metrics, (values ('net', date '2026-08-20'), ('old', date '2023-05-01')) as days (own, day)
where action_id = 'a1';
update published.fct_account_metrics_daily set network = 'old' where metric_date < '2024-01-01';

create table published.fct_conversions as
select order_id as conversion_id, 'order' as kind, customer_id, null::varchar as account_id, ordered_at as converted_at,
    revenue, 0::decimal(18, 6) as refunded, revenue as net_revenue, null::decimal(18, 6) as margin,
    revenue as original_amount, currency as original_currency, ordered_at::date as conversion_date,
    ordered_at::date as rate_date, 'orders' as source
from raw.orders;

create table published.fct_touchpoints as
select touch_id, customer_id, touched_at, channel, network, null::varchar as campaign,
    case when network = 'net' then 'net:a1' end as action_key, null::varchar as seller_id, 'click' as touch_type,
    case when network = 'net' then 'action' else 'channel' end as match_level
from raw.touchpoints;

create table published.fct_attributed_revenue as
select models.model, c.conversion_id, c.converted_at, t.touch_id, t.touched_at, coalesce(t.channel, '(none)') as channel,
    t.network, t.campaign, t.action_key, t.seller_id, c.conversion_date,
    shares.credit::decimal(18, 6) as credit,
    shares.revenue::decimal(18, 6) as revenue_credited, shares.revenue::decimal(18, 6) as net_revenue_credited
from (values
        ('linear', 'o1', 't1', 0.5, 50), ('linear', 'o1', 't2', 0.5, 50), ('linear', 'o2', 't3', 1, 0.01), ('linear', 'o3', null, 1, 5),
        ('last_touch', 'o1', 't2', 1, 100), ('last_touch', 'o2', 't3', 1, 0.01), ('last_touch', 'o3', null, 1, 5)
    ) as shares (model, conversion_id, touch_id, credit, revenue)
join (values ('linear'), ('last_touch')) as models (model) using (model)
join published.fct_conversions as c on c.conversion_id = shares.conversion_id
left join published.fct_touchpoints as t on t.touch_id = shares.touch_id;

create table published.fct_channel_credit as
select model, 'all' as period_kind, null::date as period_start, channel, sum(credit) as conversions_credited,
    sum(revenue_credited) as revenue_credited, null::double as removal_effect, null::double as credit_share
from published.fct_attributed_revenue group by all;
create table published.fct_chain_credit as
select model, 'campaign' as grain, period_kind, period_start, channel, null::varchar as network, null::varchar as member,
    conversions_credited, revenue_credited, removal_effect
from published.fct_channel_credit;


create table published.fct_action_roi as
select model, action_key, network, sum(credit) as conversions_credited, sum(revenue_credited) as revenue_credited,
    null::decimal(18, 6) as revenue_allocated, 12.5::decimal(18, 6) as cost,
    sum(revenue_credited)::double / 12.5 - 1 as roi, sum(revenue_credited)::double / 12.5 as roas, 0 as costs_without_rate
from published.fct_attributed_revenue where action_key is not null group by all;

create table published.fct_network_roi_daily as
with revenue as (
    select model, network, campaign, converted_at::date as metric_date, sum(credit) as conversions_credited,
        sum(revenue_credited) as revenue_credited,
        case when metric_date = '2026-08-11' then 12.5::decimal(18, 6) end as cost
    from published.fct_attributed_revenue where network is not null group by all
)
select model, network, campaign, metric_date, cost, conversions_credited, revenue_credited,
    revenue_credited::double / cost::double - 1 as roi, revenue_credited::double / cost::double as roas,
    0 as costs_without_rate
from revenue;

create table published.fct_roi as
select model, 'network' as dimension, network, network as member, sum(conversions_credited) as conversions_credited,
    sum(revenue_credited) as revenue_credited, sum(revenue_credited) as net_revenue_credited, sum(cost) as cost,
    null::decimal(18, 6) as cost_allocated, sum(revenue_credited)::double / 12.5 - 1 as roi,
    sum(revenue_credited)::double / 12.5 as roas, 12.5 / sum(conversions_credited)::double as cpa,
    date '2026-08-11' as first_cost_date, null::date as payback_date, null::bigint as payback_days, 0 as costs_without_rate
from published.fct_network_roi_daily group by all;
create table published.fct_seller_pipeline as
select 's1' as seller_id, 'Lead' as stage, date '2026-08-01' as month, 1 as touches, 1 as accounts_touched,
    1 as opportunities, null::decimal(18, 6) as revenue_credited, null::decimal(18, 6) as revenue_won,
    null::decimal(18, 6) as revenue_influenced;

create table published.fct_incremental_revenue as
select 'net' as network, campaign, 'all' as period_kind, date '2026-08-01' as period_start,
    date '2026-08-31' as period_end, amount::decimal(18, 6) as incremental_revenue,
    0::decimal(18, 6) as incremental_revenue_low, 90::decimal(18, 6) as incremental_revenue_high,
    30::decimal(18, 6) as spend, 2.0 as incremental_roas, 0.0 as incremental_roas_low, 3.0 as incremental_roas_high,
    'model' as evidence, 'daily series' as method, false as is_prior_dominated, null::varchar as reason
from (values (null, 60), ('c', 40), ('(none)', 20)) as shares (campaign, amount);
create table published.fct_action_incremental_revenue as
select 'net:a1' as action_key, network, period_start, period_end, incremental_revenue, incremental_revenue_low,
    incremental_revenue_high, spend, evidence, method, is_prior_dominated, reason
from published.fct_incremental_revenue where campaign is null;
create table published.fct_incremental_advice as
select 'net' as network, null::double as marginal_roas_low, null::double as marginal_roas_high, null::varchar as advice,
    'test it' as advice_reason, 28 as test_days, 0.5 as test_part, 9::decimal(18, 6) as test_standard_error,
    20::decimal(18, 6) as test_narrows;
insert into incrementality.diagnoses values (0.3, 1.01, 0.4, 0.6, 31, 0, 1000, 0.01);

create schema marts;
create table marts.mart_costs_daily as
select 'net' as network, 12.5::decimal(18, 6) as cost, date '2026-08-11' as metric_date, 'action|net:a1|2026-08-11' as cost_id,
    'ad_spend' as cost_type, 'spring' as campaign, 12.5::decimal(18, 6) as original_amount, 'EUR' as original_currency,
    true as has_rate;

create schema intermediate;
create table intermediate.int_identity_claims as
    select 'k1' as anonymous_id, 'c1' as customer_id, 1 as claimants, timestamp '2026-08-01' as linked_at,
    timestamp '1900-01-01' as claimed_from;
create table intermediate.int_identities_resolved as from intermediate.int_identity_claims;
create table intermediate.int_accounts_resolved as
    select 'old' as merged_account_id, 'acme' as account_id, timestamp '2026-08-01' as linked_at, false as is_disputed;
create table intermediate.int_answers_resolved as select 'net' as answer, true as is_understood;
create table intermediate.int_costs_doubled (network varchar, campaign varchar, metric_date date);
create table intermediate.int_sales_paired (
    opportunity_conversion_id varchar, order_conversion_id varchar, seconds_apart bigint
);
create table intermediate.int_opportunity_stages as
    select 'opportunities' as source, 'op1' as opportunity_key, 'Lead' as stage, null::varchar as stage_before,
    timestamp '2026-08-01' as entered_at, true as is_known, false as is_out_of_order, false as is_reopened;
create table intermediate.int_orders_counted as
    select 'shop' as source, 'o1' as order_id, cast(5 as decimal(18, 6)) as revenue, true as is_counted;
create table published.fct_journeys as select ['net', 'email'] as path, 1 as conversions, 100.0 as revenue, 0 as non_conversions;
create table published.meta_loads as
select file_sha256, path, source, format, account, locale, rows_read, rows_loaded, rows_quarantined, rows_ignored, loaded_at,
    status, reason from raw.loads;
create table published.meta_file_totals as
select file_sha256, metric, native_name, total_loaded, rows_with_value from raw.file_totals;
create table published.meta_quarantine as
select file_sha256, row_number, reason, column_name, value_excerpt from raw.quarantine;
create table published.meta_reconciliation as
select 'later_and_earlier_export' as kind, 'net' as network, 'acc' as account, null::varchar as action_key, 'impressions' as metric,
    date '2026-08-11' as period_start, date '2026-08-11' as period_end, 267.0 as value_believed, 229.0 as value_other,
    -38.0 as difference;
create table published.meta_checks as
select run_id, stage, suite, expectation, severity, success, observed, expected from raw.checks;
create table published.meta_publication_log as
select * from (values
    ('p1', timestamp '2026-09-01', 'p1', 'EUR'), ('p2', timestamp '2026-09-02', 'p2', 'EUR')
) as t (publication_id, published_at, said_in, currency);
create table published.fct_reported_history as
select publication_id, published_at, model, network, date '2026-08-01' as month, sum(credit) as conversions_credited,
    sum(revenue_credited) as revenue_credited,
    sum(net_revenue_credited) as net_revenue_credited, sum(revenue_credited) as revenue_credited_now
from published.fct_attributed_revenue, published.meta_publication_log group by all;
update published.fct_reported_history set revenue_credited = revenue_credited - 1
where publication_id = 'p1' and network = 'net';
create table published.fct_reported_changes as
select 'p2' as publication_id, timestamp '2026-09-02' as published_at, 'p1' as previous_publication_id, model, 'net' as network,
    date '2026-08-01' as month, 'rate' as reason, 0 as conversions_change, 1.0 as revenue_change, 0 as net_revenue_change
from (values ('linear'), ('last_touch')) as models (model);
