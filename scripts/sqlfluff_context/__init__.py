"""What dbt gives to its templates, for sqlfluff, which reads the models without dbt and without a database.

sqlfluff knows ``ref`` and ``source`` itself. Here is what it lacks: the project's variables, with the values
that a run passes for the default settings, the macros of dbt-core, and dispatch to DuckDB's variant.
"""

from __future__ import annotations

from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context, Undefined


def var(name: str, default: Any = None) -> Any:
    """The variable of that name as ``pipelines.transform`` passes it, for a home without settings."""
    from pipelines.credit_passes import credit_passes, longest_window, windows_of
    from pipelines.increment import READ
    from pipelines.schema import metrics
    from pipelines.settings import Settings
    from pipelines.transform import journey_vars, order_ranks

    if name == "metrics":
        return [
            {"name": metric.name, "kind": metric.kind, "sql_type": metric.sql_type} for metric in metrics().values()
        ]
    settings = Settings()
    model = {"lookback_days": settings.lookback_days, "half_life_days": settings.half_life_days}
    known = {
        "attribution_models": [{"model": name, **model} for name in settings.touch_models],
        "credit_passes": [{**sieve, "models": _ends(sieve["models"])} for sieve in credit_passes(settings)],
        "built": READ,
        "journey_windows": windows_of(settings),
        "longest_window_days": longest_window(settings),
        "reporting_currency": settings.currency,
        **order_ranks(settings),
        **journey_vars(settings),
        **settings.model_dump(),
    }
    return known.get(name, name if default is None else default)


def _ends(turns: list[Any]) -> list[Any]:
    """The first and the last turn of a long loop, which show all that there is to say about its style."""
    return turns if len(turns) < 3 else [turns[0], turns[-1]]


class Adapter:
    """Stands in for dbt's ``adapter``: DuckDB's macro where there is one, else the portable one."""

    @pass_context
    def dispatch(self, context: Context, name: str, _package: str | None = None, /) -> Any:
        for candidate in (f"duckdb__{name}", f"default__{name}"):
            macro = context.resolve(candidate)
            if not isinstance(macro, Undefined):
                return macro
        raise LookupError(f"no macro duckdb__{name} or default__{name} in the file of the macro {name}")


class Dbt:
    """Stands in for dbt-core's macros: any of them reads as a call of a function of its name."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name.startswith("type_"):
            return lambda: name.removeprefix("type_")
        return lambda *arguments, **options: f"{name}({', '.join(map(str, (*arguments, *options.values())))})"


adapter = Adapter()
dbt = Dbt()
