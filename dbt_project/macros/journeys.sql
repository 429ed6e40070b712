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

{#- 1 / count as a whole number, exact up to 36: the least common multiple of 1 to 36 by count. -#}
{% macro weight_one_of(count) -%}
    {{ int_divide('144403552893600', count) }}
{%- endmacro %}
