with

members as (
    select * from {{ ref('int_account_members') }}
    where journey_key like 'account:%'
)

select
    customer_id,
    substring(min(journey_key), 9) as account_id
from members
group by customer_id
having count(*) = 1
