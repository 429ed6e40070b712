{#- What a touch is at a grain of journeys: its channel, or a list as JSON text, so that no name can be mistaken for
    two. A touch without a campaign or action is its channel. Columns: channel, network, campaign, action_key. -#}
{% macro journey_state(grain) -%}
    {%- if grain == 'channel' -%}
        channel
    {%- else -%}
        {%- set named = {'campaign': 'campaign', 'action': 'action_key'}[grain] -%}
        case when {{ named }} is null then {{ json_list(['channel']) }} else {{ json_list(['channel', 'network', named]) }} end
    {%- endif -%}
{%- endmacro %}

{#- What is said of a touch beside the credit that it gets. -#}
{% macro origin_columns() -%}
    {{ return(["touched_at", "touched_date", "channel", "network", "campaign", "action_key", "seller_id"]) }}
{%- endmacro %}

{#- 1 / count as a whole number, exact up to 36: the least common multiple of 1 to 36 by count. -#}
{% macro weight_one_of(count) -%}
    {{ int_divide('144403552893600', count) }}
{%- endmacro %}

{#- True where a conversion may owe something to a touch, which has the journey in a column of this name. -#}
{% macro is_in_reach(key) -%}
conversions.journey_key = touches.{{ key }}
        and conversions.converted_second >= touches.touched_second
        and conversions.converted_second - touches.touched_second <= 86400 * {{ var('longest_window_days') }}
{%- endmacro %}

{#- The last of a model that pairs conversions with the touches they may owe something to, out of the common table
    expressions conversions and touches (int_journey_touches). -#}
{% macro touches_in_reach() -%}
aged as (
    select
        conversions.conversion_id,
        touches.touch_id,
        touches.customer_id,
        touches.touched_at,
        touches.touched_second,
        touches.touched_date,
        touches.channel,
        touches.network,
        touches.campaign,
        touches.action_key,
        touches.seller_id,
        coalesce(touches.touch_type, 'click') as touch_type,
        coalesce(touches.is_paid, false) as is_paid,
        conversions.converted_second - touches.touched_second as age_seconds,
        {{ to_few_micros('conversions.revenue') }} as revenue_micros,
        {{ to_few_micros('conversions.net_revenue') }} as net_revenue_micros
    from conversions
    inner join touches
        on {{ is_in_reach('journey_key') }}
)

select
    *,
    {{ within_window(var('journey_windows')) }} as is_in_journey
from aged
{%- endmacro %}
