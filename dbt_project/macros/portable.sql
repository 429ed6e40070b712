{#- What engines spell differently. Another engine adds its own <adapter>__<name>; models never branch on the engine. -#}

{% macro wide_integer() -%}{{ return(adapter.dispatch("wide_integer", "social_roi")()) }}{%- endmacro %}
{% macro default__wide_integer() -%}decimal(38, 0){%- endmacro %}
{% macro duckdb__wide_integer() -%}hugeint{%- endmacro %}

{#- A decimal without what follows its point. -#}
{% macro whole_part(amount) -%}{{ return(adapter.dispatch("whole_part", "social_roi")(amount)) }}{%- endmacro %}
{% macro default__whole_part(amount) -%}cast({{ amount }} as bigint){%- endmacro %}
{% macro duckdb__whole_part(amount) -%}trunc({{ amount }}){%- endmacro %}

{#- Integer division, truncating. -#}
{% macro int_divide(a, b) -%}{{ return(adapter.dispatch("int_divide", "social_roi")(a, b)) }}{%- endmacro %}
{% macro default__int_divide(a, b) -%}({{ a }}) div ({{ b }}){%- endmacro %}
{% macro duckdb__int_divide(a, b) -%}({{ a }}) // ({{ b }}){%- endmacro %}

{#- The day of a UTC timestamp in the zone in which a day is a day. -#}
{% macro local_date(ts) -%}{{ return(adapter.dispatch("local_date", "social_roi")(ts)) }}{%- endmacro %}
{% macro default__local_date(ts) -%}
    cast(from_utc_timestamp({{ ts }}, '{{ var("time_zone") }}') as date)
{%- endmacro %}
{% macro duckdb__local_date(ts) -%}
    cast({{ ts }} at time zone 'UTC' at time zone '{{ var("time_zone") }}' as date)
{%- endmacro %}

{#- The last second of a day in that zone, as a UTC timestamp. -#}
{% macro day_end(day) -%}{{ return(adapter.dispatch("day_end", "social_roi")(day)) }}{%- endmacro %}
{% macro default__day_end(day) -%}
    to_utc_timestamp(cast({{ day }} as timestamp) + interval 86399 seconds, '{{ var("time_zone") }}')
{%- endmacro %}
{% macro duckdb__day_end(day) -%}
    (cast({{ day }} as timestamp) + interval 86399 seconds) at time zone '{{ var("time_zone") }}' at time zone 'UTC'
{%- endmacro %}

{#- One row for each part of a text that semicolons or commas divide. -#}
{% macro parts_of(text) -%}{{ return(adapter.dispatch("parts_of", "social_roi")(text)) }}{%- endmacro %}
{% macro default__parts_of(text) -%}explode(split({{ text }}, '[;,]')){%- endmacro %}
{% macro duckdb__parts_of(text) -%}unnest(string_split_regex({{ text }}, '[;,]')){%- endmacro %}

{#- A text as its words, in lower case, with a blank before, between and after them. -#}
{% macro words_of(text) -%}{{ return(adapter.dispatch("words_of", "social_roi")(text)) }}{%- endmacro %}
{% macro default__words_of(text) -%}
    ' ' || trim(regexp_replace(lower({{ text }}), '[^\\p{L}\\p{N}+]+', ' ')) || ' '
{%- endmacro %}
{% macro duckdb__words_of(text) -%}
    ' ' || trim(regexp_replace(lower({{ text }}), '[^\p{L}\p{N}+]+', ' ', 'g')) || ' '
{%- endmacro %}

{#- Whole seconds since 1970. -#}
{% macro epoch_second(ts) -%}{{ return(adapter.dispatch("epoch_second", "social_roi")(ts)) }}{%- endmacro %}
{% macro default__epoch_second(ts) -%}unix_timestamp({{ ts }}){%- endmacro %}
{% macro duckdb__epoch_second(ts) -%}cast(floor(epoch({{ ts }})) as bigint){%- endmacro %}

{#- The host of an address, lower case, without "www.": an address without a scheme counts as well. -#}
{% macro url_host(url) -%}{{ return(adapter.dispatch("url_host", "social_roi")(url)) }}{%- endmacro %}
{% macro default__url_host(url) -%}
    nullif(regexp_extract(lower(trim({{ url }})), '^(?:[a-z][a-z0-9+.-]*://)?(?:www[.])?([^/:?#]+)', 1), '')
{%- endmacro %}

{#- The query of an address, lower case, "&" before every parameter; NULL where there is none. -#}
{% macro url_query(url) -%}{{ return(adapter.dispatch("url_query", "social_roi")(url)) }}{%- endmacro %}
{% macro default__url_query(url) -%}
    '&' || nullif(regexp_extract(lower({{ url }}), '[?]([^#]*)', 1), '')
{%- endmacro %}

{#- The value of a parameter in the query of an address, decoded; NULL where there is none. -#}
{% macro url_parameter(url, parameter) -%}
    {{ return(adapter.dispatch("url_parameter", "social_roi")(url, parameter)) }}
{%- endmacro %}
{% macro default__url_parameter(url, parameter) -%}
    nullif(trim(url_decode(replace(
        regexp_extract({{ url }}, '(?i)[?&]{{ parameter | replace(".", "[.]") }}=([^&#]*)', 1), '+', ' '
    ))), '')
{%- endmacro %}

{#- An address for comparison: without scheme, "www.", fragment, closing slash, and what trackers hang on: utm
    parameters, click ids and all that follows these. -#}
{% macro url_key(url) -%}{{ return(adapter.dispatch("url_key", "social_roi")(url)) }}{%- endmacro %}
{% macro default__url_key(url) -%}
    nullif(
        regexp_replace(
            regexp_replace(
                lower(trim({{ url }})),
                '^(https?://)?(www[.])?|#.*$|[?&](utm_|[a-z]*clid=|li_fat_id=|rdt_cid=|sccid=|epik=|igshid=|igsh=)[^#]*',
                '', 'g'
            ),
            '/+$', ''
        ),
        ''
    )
{%- endmacro %}

{#- An ordered list of texts as JSON text, and back to a list for publication. -#}
{% macro json_list_agg(value, order_by) -%}
    {{ return(adapter.dispatch("json_list_agg", "social_roi")(value, order_by)) }}
{%- endmacro %}
{% macro duckdb__json_list_agg(value, order_by) -%}
    cast(to_json(list({{ value }} order by {{ order_by }})) as varchar)
{%- endmacro %}
{% macro json_list(values) -%}{{ return(adapter.dispatch("json_list", "social_roi")(values)) }}{%- endmacro %}
{% macro default__json_list(values) -%}to_json(array({{ values | join(', ') }})){%- endmacro %}
{% macro duckdb__json_list(values) -%}cast(to_json([{{ values | join(', ') }}]) as varchar){%- endmacro %}
{% macro json_to_list(value) -%}{{ return(adapter.dispatch("json_to_list", "social_roi")(value)) }}{%- endmacro %}
{% macro duckdb__json_to_list(value) -%}from_json({{ value }}, '["VARCHAR"]'){%- endmacro %}

{#- One text of such a list by its place, from 0; NULL past its end. -#}
{% macro json_item(value, place) -%}{{ return(adapter.dispatch("json_item", "social_roi")(value, place)) }}{%- endmacro %}
{% macro default__json_item(value, place) -%}get_json_object({{ value }}, '$[{{ place }}]'){%- endmacro %}
{% macro duckdb__json_item(value, place) -%}json_extract_string({{ value }}, '$[{{ place }}]'){%- endmacro %}

{#- One row (day) for each day from the first to the last, both given as scalar subqueries. -#}
{% macro days_between(first_day, last_day) -%}
    {{ return(adapter.dispatch("days_between", "social_roi")(first_day, last_day)) }}
{%- endmacro %}
{% macro default__days_between(first_day, last_day) -%}
    select explode(sequence({{ first_day }}, {{ last_day }}, interval 1 day)) as day
{%- endmacro %}
{% macro duckdb__days_between(first_day, last_day) -%}
    select cast(unnest(generate_series({{ first_day }}, {{ last_day }}, interval 1 day)) as date) as day
{%- endmacro %}

{#- The first day of the month, quarter or year that a day is in. -#}
{% macro first_day_of(period, day) -%}cast(date_trunc('{{ period }}', {{ day }}) as date){%- endmacro %}

{#- One number for a set of rows, whatever their order: the sum of 64 bits of each. -#}
{% macro fingerprint(columns) -%}{{ return(adapter.dispatch("fingerprint", "social_roi")(columns)) }}{%- endmacro %}
{% macro default__fingerprint(columns) -%}
    sum(cast(xxhash64({{ columns | join(", ") }}) as decimal(38, 0)))
{%- endmacro %}
{% macro duckdb__fingerprint(columns) -%}sum(cast(hash({{ columns | join(", ") }}) as hugeint)){%- endmacro %}
