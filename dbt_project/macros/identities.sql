{#- Joins what a row's customer id and account id turned out to be: a link of a customer holds in its span of time, a
    merger of accounts always. Reads the import CTEs people (int_identities_resolved) and accounts
    (int_accounts_resolved). -#}
{% macro join_identities(rows, at) -%}
    left join people
        on {{ rows }}.customer_id = people.anonymous_id
        and {{ rows }}.{{ at }} >= people.claimed_from
        and {{ rows }}.{{ at }} < people.claimed_until
    left join accounts on {{ rows }}.account_id = accounts.merged_account_id
{%- endmacro %}
