{#- Every one of the columns has a value in every row. -#}
{% test required(model, columns) %}
select {{ columns | join(", ") }}
from {{ model }}
where {{ columns | join(" is null or ") }} is null
{% endtest %}
