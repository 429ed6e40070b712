"""Landing: what the books say of each file adds up, and no file was turned away unnoticed."""

from __future__ import annotations

from expectations.checks import Check, Severity, never_null, no_rows, one_of, sql_list, unique_key
from pipelines.schema import metrics
from pipelines.settings import Settings

LOADS = "raw.loads"
FILE_TOTALS = "raw.file_totals"
QUARANTINE = "raw.quarantine"
STATUSES = ("loaded", "duplicate", "needs_answer", "ignored", "refused")

QUARANTINE_LIMITS: tuple[tuple[Severity, int], ...] = (("warn", 5), ("stop", 50))

REPORT_BUG = "This is a fault of the program, not of the file: run `social-roi ingest` again and report it if it stays"
INSPECT = "Run `social-roi inspect` on the file and follow what it says"


def tables() -> tuple[str, ...]:
    """The tables that must exist for this stage."""
    return (LOADS, FILE_TOTALS, QUARANTINE)


def checks(settings: Settings) -> list[Check]:
    """Every landing check. They hold for any source, so none is named."""
    del settings
    return [*_bookkeeping(), *_turned_away(), *_quarantined(), *_replaced(), *_totals()]


def _bookkeeping() -> list[Check]:
    return [
        unique_key(LOADS, ["reading_id", "path"], remedy=REPORT_BUG),
        *never_null(LOADS, ["file_sha256", "path"], show=["reading_id", "path"], remedy=REPORT_BUG),
        one_of(LOADS, "status", STATUSES, show=["path"], remedy=REPORT_BUG),
        no_rows(
            "rows_add_up",
            LOADS,
            "stop",
            sql="""select path, rows_read, rows_loaded, rows_quarantined, rows_ignored from this
                where status = 'loaded'
                and rows_read is distinct from rows_loaded + rows_quarantined + rows_ignored
                order by path""",
            meaning="of each loaded file, rows read are rows loaded, quarantined and ignored",
            remedy=REPORT_BUG,
        ),
        no_rows(
            "quarantine_listed",
            LOADS,
            "stop",
            sql=f"""select this.path, this.rows_quarantined, coalesce(listed.row_count, 0) as rows_listed
                from this left join (
                    select file_sha256, count(distinct (part, row_number)) as row_count
                    from {QUARANTINE} group by all
                ) as listed on listed.file_sha256 = this.file_sha256
                where this.status = 'loaded' and this.rows_quarantined <> coalesce(listed.row_count, 0)
                order by this.path""",
            meaning="each quarantined row is listed with its reason",
            remedy=REPORT_BUG,
        ),
    ]


def _turned_away() -> list[Check]:
    return [
        no_rows(
            "something_loaded",
            LOADS,
            "warn",
            sql="""select count(*) as files, 0 as loaded from this
                having count(*) filter (where status = 'loaded') = 0""",
            meaning="at least one file is loaded",
            remedy="Put an export below landing/<source>/ and run `social-roi ingest`",
        ),
        no_rows(
            "nothing_refused",
            LOADS,
            "warn",
            sql="select path, source, reason from this where status = 'refused' order by path",
            meaning="no file was refused",
            remedy=INSPECT,
        ),
        no_rows(
            "nothing_waiting",
            LOADS,
            "warn",
            sql="select path, source, reason from this where status = 'needs_answer' order by path",
            meaning="no file waits for an answer that only its owner can give",
            remedy="Answer in roi.yml under `answers`; `social-roi inspect` says what is asked",
        ),
        no_rows(
            "loaded_files_hold_rows",
            LOADS,
            "warn",
            sql="""select path, rows_read, rows_ignored from this
                where status = 'loaded' and rows_loaded = 0 order by path""",
            meaning="each loaded file holds at least one row of data",
            remedy="Check that the export covers the period that you meant to export",
        ),
    ]


def _quarantined() -> list[Check]:
    remedy = (
        "`social-roi status` lists the rows and reasons; put a mended export in the file's place, answer in roi.yml, "
        "or take the file out of the landing folder"
    )
    sql = """select path, rows_quarantined, rows_read, (
            select any_value(reason order by row_number) from {quarantine} as q
            where q.file_sha256 = this.file_sha256
        ) as first_reason
        from this where status in ('loaded', 'refused') and is_current and rows_quarantined > {share} * rows_read
        order by path"""
    return [
        no_rows(
            f"quarantined_share_below_{percent}_percent",
            LOADS,
            severity,
            sql=sql.format(quarantine=QUARANTINE, share=percent / 100),
            meaning=f"of no file in the landing folder more than {percent} % of the rows are quarantined",
            remedy=remedy,
        )
        for severity, percent in QUARANTINE_LIMITS
    ]


def _replaced() -> list[Check]:
    return [
        no_rows(
            "replacement_readable",
            LOADS,
            "stop",
            sql="""select this.path, this.status, this.reason from this
                where this.is_current and this.status in ('refused', 'needs_answer') and exists (
                    select 1 from this as before
                    where before.path = this.path and before.status = 'loaded' and not before.is_current
                ) order by this.path""",
            meaning="a file that took the place of a loaded one can be read as well",
            remedy=f"{INSPECT}, or put the earlier file back",
        )
    ]


def _totals() -> list[Check]:
    unsummable = [metric.name for metric in metrics().values() if not metric.is_summable]
    return [
        no_rows(
            "people_never_added_up",
            FILE_TOTALS,
            "stop",
            sql=f"""select file_sha256, part, metric, total_loaded from this
                where metric in ({sql_list(unsummable)}) and total_loaded is not null order by all""",
            meaning="counts of people and levels have no total: they cannot be added",
            remedy=REPORT_BUG,
        ),
        no_rows(
            "totals_of_known_files",
            FILE_TOTALS,
            "stop",
            sql=f"""select distinct file_sha256, metric from this
                where not exists (select 1 from {LOADS} as known where known.file_sha256 = this.file_sha256)
                order by all""",
            meaning="each total belongs to a file in the ledger",
            remedy=REPORT_BUG,
        ),
    ]
