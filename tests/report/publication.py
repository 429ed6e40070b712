"""The SQL of a published file: the contract's tables, and rows for them that ``company`` fills in."""

from __future__ import annotations

SCHEMA = """
create schema published;
set schema = 'published';
create table dim_networks (network varchar, display_name varchar, status varchar, metrics_offered varchar);
create table dim_actions (action_key varchar, network varchar, account varchar, action_id varchar,
    action_type varchar,
    published_at timestamp, campaign varchar, format varchar, permalink varchar, text_excerpt varchar,
    seller_id varchar);
create table fct_action_metrics_daily (action_key varchar, network varchar, metric_date date,
    impressions bigint,
    reach bigint, engagements bigint, reactions bigint, comments bigint, shares bigint, saves bigint,
    link_clicks bigint, video_views bigint, follows bigint, spend decimal(18,6), basis varchar);
create table fct_account_metrics_daily (network varchar, account varchar, metric_date date,
    impressions bigint,
    reach bigint, engagements bigint, reactions bigint, comments bigint, shares bigint, saves bigint,
    link_clicks bigint, video_views bigint, follows bigint, spend decimal(18,6));
create table fct_conversions (conversion_id varchar, kind varchar, customer_id varchar, account_id varchar,
    converted_at timestamp, revenue decimal(18,6), refunded decimal(18,6), net_revenue decimal(18,6),
    margin decimal(18,6), original_amount decimal(18,6), original_currency varchar);
create table fct_touchpoints (touch_id varchar, customer_id varchar, touched_at timestamp, channel varchar,
    network varchar, campaign varchar, action_key varchar, seller_id varchar, touch_type varchar,
    match_level varchar);
create table fct_attributed_revenue (model varchar, conversion_id varchar, converted_at timestamp,
    touch_id varchar,
    touched_at timestamp, channel varchar, network varchar, campaign varchar, action_key varchar,
    seller_id varchar,
    credit decimal(18,6), revenue_credited decimal(18,6), net_revenue_credited decimal(18,6));
create table fct_action_roi (model varchar, action_key varchar, network varchar,
    conversions_credited decimal(18,6),
    revenue_credited decimal(18,6), revenue_allocated decimal(18,6), cost decimal(18,6), roi double,
    roas double);
create table fct_network_roi_daily (model varchar, network varchar, campaign varchar, metric_date date,
    cost decimal(18,6), conversions_credited decimal(18,6), revenue_credited decimal(18,6), roi double,
    roas double);
create table fct_roi (model varchar, dimension varchar, network varchar, member varchar,
    conversions_credited decimal(18,9), revenue_credited decimal(18,6), cost decimal(18,6), roas double, cpa double,
    payback_days bigint);
create table fct_seller_pipeline (seller_id varchar, stage varchar, month date, touches bigint,
    revenue_credited decimal(18,6), revenue_won decimal(18,6), revenue_influenced decimal(18,6));
create table fct_reported_history (published_at timestamp, model varchar, network varchar, month date,
    revenue_credited decimal(18,6));
create table fct_reported_changes (published_at timestamp, model varchar, network varchar, month date,
    reason varchar, revenue_change decimal(18,6));
create table meta_reconciliation (kind varchar, network varchar, metric varchar, value_believed decimal(38,6),
    value_other decimal(38,6), difference decimal(38,6));
create table meta_publication (publication_id varchar, published_at timestamp, data_through date,
    git_sha varchar,
    spec_version varchar);
create table meta_loads (file_sha256 varchar, path varchar, source varchar, format varchar, account varchar,
    locale varchar, rows_read bigint, rows_loaded bigint, rows_quarantined bigint, rows_ignored bigint,
    loaded_at timestamp, status varchar, reason varchar, networks varchar);
create table meta_file_totals (file_sha256 varchar, metric varchar, native_name varchar,
    total_loaded decimal(38,6), rows_with_value bigint);
create table meta_quarantine (file_sha256 varchar, row_number bigint, reason varchar, column_name varchar,
    value_excerpt varchar);
create table meta_checks (run_id varchar, stage varchar, suite varchar, expectation varchar, severity varchar,
    success boolean, observed varchar, expected varchar);
"""

ACTIONS = """
insert into dim_actions
select network || ':' || i, network, 'main', i::varchar, case when hash(i) % 5 = 0 then 'ad' else 'post' end,
    timestamp '2026-03-05 09:30:00' + to_days((hash(i, 'd') % $days)::integer), 'spring_' || (hash(i,
    'c') % 4),
    'image', 'https://social.example/' || network || '/' || i,
    ['We rebuilt our onboarding from scratch. Here is what changed, and what we learnt on the way: less
    is more.',
     'Customer story: how a bakery with six people doubled its orders in one spring',
     'New in June: one-click refunds. Fewer e-mails, happier customers.',
     'Behind the scenes at our warehouse in Lyon — a thread on how a parcel finds you',
     'Ask us anything about running a shop alone. Live on Thursday, bring questions & coffee.'][1 +
     (hash(i, 't') % 5)::int],
    null
from (select i, $networks[1 + (hash(i,
    'n') % len($networks))::integer] as network from range($actions) as r (i));
insert into fct_action_metrics_daily (action_key, network, metric_date, impressions, link_clicks,
    reactions, basis)
select action_key, network, published_at::date + age::integer, (hash(action_key, age) % 4000) // (age + 1),
    case when network = 'youtube' then null else (hash(action_key, age, 'c') % 90) // (age + 1) end,
    hash(action_key, age, 'r') % 50, 'reported_daily'
from dim_actions, range(20) as ages (age)
where published_at::date + age::integer <= date '2026-03-05' + $days::integer - (hash(network) % 3)::integer;
update fct_action_metrics_daily set video_views = impressions, impressions = null where network = 'tiktok';
update fct_action_metrics_daily set shares = 0, comments = case when hash(action_key) % 2 = 0 then 3 end
where network = 'facebook';
insert into fct_account_metrics_daily (network, account, metric_date, impressions, reach, link_clicks, follows)
select network, account, date '2026-03-05' + d::integer, 900 + hash(network, d) % 300, 500,
    case when network = 'x' then null when network = 'linkedin' and d >= 30 then null else d % 7 end, 0
from dim_networks, (values ('main'), ('second')) as a (account), range($days - 5) as r (d)
where network in ('linkedin', 'x') and $actions > 0;
insert into fct_account_metrics_daily (network, account, metric_date, reach)
select network, 'main', date '2026-03-05', 500 from dim_networks where network = 'facebook' and $actions > 0;
"""

JOURNEYS = """
insert into fct_conversions
select 'o' || i, 'order', 'c' || i, null, moment, revenue, refunded, revenue - refunded, null, amount,
    currency
from (
    select *, case when currency = 'EUR' then amount end as revenue,
        case when currency = 'EUR' and hash(i, 'back') % 25 = 0 then amount else 0 end as refunded
    from (
        select i, (20 + (hash(i, 'm') % 40000) / 100.0)::decimal(18,6) as amount,
            timestamp '2026-03-05 00:00:00' + to_seconds((hash(i, 's') % ($days * 86400))::bigint) as moment,
            case when hash(i, 'cur') % 100 = 0 then 'XAF' when hash(i,
            'cur') % 170 = 1 then 'ARS' else 'EUR' end as currency
        from range($conversions) as r (i)
    )
);
insert into fct_touchpoints
with drawn as (
    select conversion_id, customer_id, converted_at, place, hash(conversion_id, place, 'ch') % 100 as dice
    from fct_conversions, range(5) as p (place)
    where place < hash(conversion_id, 'len') % 6 and hash(conversion_id, 'untouched') % 6 <> 0
),
placed as (
    select *, case when dice < 62 then $networks[1 + floor(
        pow((hash(conversion_id, place, 'net') % 1000) / 1000.0,
        1.7) * len($networks) + place * (hash(conversion_id,
        'early') % 3) // 2)::integer % len($networks)] end as network
    from drawn
),
acted as (
    select p.*, a.action_key, a.campaign
    from placed as p left join dim_actions as a on a.network = p.network
        and a.action_id = ((hash(p.conversion_id, p.place, 'act') % 997) * (hash(p.conversion_id,
        'act2') % 997)
            // 997 % $actions)::varchar
)
select conversion_id || '-' || place, customer_id, converted_at - to_hours(6 * (6 - place)::integer),
    case when network is not null then network || case when dice < 15 then '_paid' else '' end
        when dice < 74 then 'organic_search' when dice < 84 then 'direct' when dice < 92 then 'email'
        when dice < 97 then 'referral' else 'paid_search' end,
    network, campaign, action_key, null, 'click',
    case when action_key is not null then 'action' when network is not null then 'network' else 'channel' end
from acted;
"""

ATTRIBUTED = """
insert into fct_attributed_revenue
with touches as (
    select c.conversion_id, c.converted_at, c.revenue, c.net_revenue, t.*,
        row_number() over (partition by c.conversion_id order by t.touched_at, t.touch_id) as place,
        count(t.touch_id) over (partition by c.conversion_id) as touches
    from fct_conversions as c left join fct_touchpoints as t on c.customer_id = t.customer_id
),
credited as (select *, case when touches = 0 then 1.0 else {credit} end as exact from touches),
running as (
    select *, round(sum(exact) over (partition by conversion_id order by place),
    6)::decimal(18,6) as so_far from credited
),
split as (
    select *, so_far - coalesce(lag(so_far) over (partition by conversion_id order by place), 0) as credit,
        (so_far * revenue)::decimal(18,6) as money
    from running
)
select '{model}', conversion_id, converted_at, touch_id, touched_at, coalesce(channel, '(none)'),
    network, campaign,
    action_key, null, credit,
    money - coalesce(lag(money) over (partition by conversion_id order by place), 0), null
from split;
"""

ROI = """
create temp table costs as
select network, 'spring_0' as campaign, date '2026-03-05' + d::integer as metric_date,
    (5 + hash(network, 'base') % 300 + hash(network, d) % 20)::decimal(18,6) as cost
from dim_networks, range($days) as r (d)
where $with_costs and network not in ('mastodon', 'reddit', 'youtube');
insert into fct_network_roi_daily
with credited as (
    select model, network, campaign, converted_at::date as metric_date, sum(credit) as conversions,
        sum(revenue_credited) as revenue
    from fct_attributed_revenue where network is not null group by all
),
models as (select unnest($models) as model),
spent as (select model, costs.* from costs, models)
select coalesce(c.model, s.model), coalesce(c.network, s.network), coalesce(c.campaign, s.campaign),
    coalesce(c.metric_date, s.metric_date), s.cost, coalesce(c.conversions, 0), c.revenue,
    (c.revenue - s.cost) / nullif(s.cost, 0), c.revenue / nullif(s.cost, 0)
from credited as c full join spent as s on c.model = s.model and c.network = s.network
    and c.campaign is not distinct from s.campaign and c.metric_date = s.metric_date;
insert into fct_action_roi
select *, null, revenue / cost from (
    select model, action_key, network, conversions, revenue, revenue,
        case when hash(action_key) % 3 = 0 then 40 + (hash(action_key) % 200)::integer end as cost
    from (
        select model, action_key, network, sum(credit) as conversions, sum(revenue_credited) as revenue
        from fct_attributed_revenue where action_key is not null group by all
    )
);
"""

MEMBERS = """
insert into fct_roi
select model, 'campaign', network, campaign, sum(conversions_credited), sum(revenue_credited), sum(cost),
    sum(revenue_credited) / sum(cost), sum(cost) / sum(conversions_credited), 12
from fct_network_roi_daily where campaign is not null group by all;
insert into fct_roi values ('linear', 'seller', null, 'ada', 3, 200, 50, 4, 16, 3);
insert into fct_seller_pipeline values ('ada', '(none)', '2026-04-01', 3, 120, null, null),
    ('ada', 'Won', '2026-05-01', 0, 80, 900, 1500), ('ben', 'Lead', '2026-05-01', 2, null, null, null);
insert into fct_reported_history values
    ('2026-04-15', 'linear', 'x', '2026-04-01', 40), ('2026-05-02', 'linear', 'x', '2026-04-01', 100),
    ('2026-05-02', 'linear', 'linkedin', '2026-04-01', 50), ('2026-05-02', 'linear', null, '2026-04-01', 7),
    ('2026-06-02', 'linear', 'x', '2026-04-01', 90), ('2026-06-02', 'linear', 'linkedin', '2026-04-01', 75),
    ('2026-06-02', 'linear', 'x', '2026-05-01', 30);
insert into fct_reported_changes values
    ('2026-05-02', 'linear', 'x', '2026-04-01', 'new_conversion', 60),
    ('2026-06-02', 'linear', 'x', '2026-04-01', 'refund', -10),
    ('2026-06-02', 'linear', 'linkedin', '2026-04-01', 'late_touch', 25),
    ('2026-06-02', 'linear', null, '2026-04-01', 'late_touch', -25);
insert into meta_reconciliation values
    ('own_export_and_tool', 'x', 'impressions', 100, 140, 40), ('own_export_and_tool', 'x', 'impressions', 50, 51, 1),
    ('later_and_earlier_export', 'linkedin', 'reactions', 1000, 990, -10),
    ('days_and_posts', 'x', 'impressions', 9, 1, -8);
"""

HEALTH = """
insert into meta_loads
select sha256(network || i), network || '/main/export-' || i || '.csv', network, network || '_posts',
    'main', 'en',
    400, 398, 2, 0, timestamp '2026-09-01 02:10:00' - to_days((2 - i)::integer), 'loaded', null, network
from dim_networks, range(3) as r (i);
insert into meta_loads (file_sha256, path, source, format, loaded_at, status, reason) values
    ('aa', 'tiktok/overview-last-60-days.csv', 'tiktok', 'tiktok_overview', '2026-09-01 02:10:00',
    'needs_answer',
        'the days have no year'),
    ('bb', 'linkedin/broken export.xls', 'linkedin', null, '2026-09-01 02:10:00', 'refused',
        'the file is cut off after 12 kB: no workbook part ends'),
    ('cc', 'x/old-name.csv', 'x', null, '2026-08-01 02:10:00', 'refused', 'empty file'),
    ('dd', 'x/old-name.csv', 'x', 'x_posts', '2026-08-02 02:10:00', 'loaded', null);
insert into meta_file_totals select file_sha256, 'impressions', 'Impressions', 1000, 398 from meta_loads
    where format like '%posts';
insert into meta_loads (file_sha256, path, source, format, loaded_at, status, networks) values
    ('ee', 'touchpoints/clicks.csv', 'touchpoints', 'touchpoints', '2026-09-01 03:10:00', 'loaded', 'linkedin,x');
insert into meta_quarantine
select sha256(network || i), row_number, 'is no number', 'Impressions', '12.3.4'
from dim_networks, range(3) as r (i), range(1, 3) as n (row_number) where network in ('facebook', 'x')
union all select sha256('linkedin0'), 7, 'id was mangled by a spreadsheet', 'Post id', '1.47689E+18';
insert into meta_checks values
    ('20260831T0200', 'raw', 'raw.costs', 'yesterday failed too', 'warn', false, '9', '0'),
    ('20260901T0200', 'raw', 'raw.costs', 'every currency has a rate', 'warn', false,
    '2 currencies: XAF, ARS', 'none'),
    ('20260901T0200', 'marts', 'marts.credit', 'credits of a conversion add up to 1', 'stop', true, '0', '0'),
    ('20260901T0200', 'published', 'published.keys', 'keys are unique', 'stop', true, '0', '0');
"""
