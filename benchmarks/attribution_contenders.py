"""One contender of the attribution benchmark, in a process of its own: prints seconds, peak memory and its credit.

``python attribution_contenders.py NAME FILE``. The clock starts when everything is imported and the journeys lie in
memory in the form that the program asks for (a data frame of ``a > b`` texts, a table), and ends with the credit of
each channel in hand.
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[[], dict[str, float]]


def our_journeys(path: Path) -> Callable[[], Any]:
    """This project's reading of a table of lists of texts; the table lies in memory before the clock starts."""
    import pyarrow.compute
    import pyarrow.parquet as parquet

    from pipelines.attribution.tables import encoded

    assert pyarrow.compute, "imported before the clock starts"
    table = parquet.read_table(path, columns=["path", "conversions", "nulls", "revenue"]).combine_chunks()
    return lambda: encoded(
        table.column("path").combine_chunks(),
        conversions=table.column("conversions").to_numpy(),
        nulls=table.column("nulls").to_numpy(),
        amounts={"revenue": (table.column("revenue").to_numpy() * 1e6).round().astype("int64")},
    )


def our_totals(path: Path) -> Run:
    """Totals of conversions and revenue under the five rules that know a touch's place only, exact until rounded."""
    import pyarrow.compute
    import pyarrow.parquet as parquet

    from pipelines.attribution.paths import credit_table

    assert pyarrow.compute, "imported before the clock starts"
    table = parquet.read_table(path, columns=["path", "conversions", "revenue"]).combine_chunks()

    def run() -> dict[str, float]:
        found = credit_table(table["path"], table["conversions"], revenue=table["revenue"])
        return {channel: float(each.conversions) for channel, each in found["linear"].items()}

    return run


def our_markov(path: Path) -> Run:
    """This project, from a table of lists of texts: transition counts, one elimination, exact micros."""
    import scipy.linalg
    import scipy.sparse

    from pipelines.attribution.chain import count_transitions
    from pipelines.attribution.credit import by_chain
    from pipelines.attribution.removal import removal_effects

    assert scipy.linalg and scipy.sparse, "imported before the clock starts"
    read = our_journeys(path)

    def run() -> dict[str, float]:
        journeys = read()
        credit = by_chain(journeys, removal_effects(count_transitions(journeys)).effects)
        return {channel: units / 1e9 for channel, units in credit["conversions"].items()}

    return run


def channel_attribution(path: Path, work: Callable[[Any, Any], Any]) -> Run:
    import pyarrow.parquet as parquet

    with contextlib.redirect_stdout(io.StringIO()):
        import ChannelAttribution

    frame = parquet.read_table(path, columns=["path_text", "conversions", "nulls", "revenue"]).to_pandas()

    def run() -> dict[str, float]:
        with contextlib.redirect_stdout(io.StringIO()):
            found = work(ChannelAttribution, frame)
        found = found if hasattr(found, "columns") else found["result"]
        column = next(name for name in found.columns if name in ("total_conversions", "linear_touch_conversions"))
        return dict(zip(found["channel_name"].str.strip(), found[column].astype(float), strict=True))

    return run


def ca_markov(path: Path) -> Run:
    """Its simulation, at its default settings."""
    return channel_attribution(
        path,
        lambda library, frame: library.markov_model(
            frame, "path_text", "conversions", var_value="revenue", var_null="nulls", verbose=False, flg_pro=False
        ),
    )


def ca_heuristics(path: Path) -> Run:
    """First, last and linear touch in one call."""
    return channel_attribution(
        path,
        lambda library, frame: library.heuristic_models(
            frame, "path_text", "conversions", var_value="revenue", flg_pro=False
        ),
    )


def mam(path: Path, work: Callable[[Any], Any]) -> Run:
    import polars
    from mam.core import MAM

    frame = polars.read_parquet(path, columns=["path_text", "conversions"]).with_columns(
        polars.col("conversions") > 0, occurrences=polars.lit(1)
    )

    def run() -> dict[str, float]:
        model = MAM(
            df=frame,
            format_type="grouped_journey",
            channels_colname="path_text",
            journey_with_conv_colname="conversions",
            occurrences_colname="occurrences",
        )
        found = work(model).to_polars()
        return {str(row[0]): float(row[1]) for row in found.rows()}

    return run


def mam_markov(path: Path) -> Run:
    return mam(path, lambda model: model.run_markov(transition_to_same_state=True))


def mam_heuristics(path: Path) -> Run:
    """Its rule models that need no time: first, last, linear, position."""

    def work(model: Any) -> Any:
        model.run_first_click()
        model.run_last_click()
        model.run_position_based()
        return model.run_linear()

    return mam(path, work)


def our_rules(path: Path) -> Run:
    """All rule models of this project: the views that dbt made, the credits written."""
    from attribution_rules import our_rules

    run: Run = our_rules(path)
    return run


CONTENDERS: dict[str, Callable[[Path], Run]] = {
    "our rule models, every row": our_rules,
    "our rule models, totals": our_totals,
    "our exact markov": our_markov,
    "ChannelAttribution markov_model": ca_markov,
    "ChannelAttribution heuristics": ca_heuristics,
    "mam run_markov": mam_markov,
    "mam heuristics": mam_heuristics,
}


def peak_megabytes() -> float:
    """The most memory that this process held; getrusage would count what its parent held when it was started."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024


def main() -> None:
    run = CONTENDERS[sys.argv[1]](Path(sys.argv[2]))
    clock, cpu = time.perf_counter(), time.process_time()
    credit = run()
    print(json.dumps({
        "seconds": time.perf_counter() - clock, "cpu": time.process_time() - cpu, "credit": credit,
        "megabytes": peak_megabytes(),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
