"""The report for people: what social earned, as one HTML file and as a table for the command line."""

from pipelines.report.books import standing
from pipelines.report.data import roi_table
from pipelines.report.render import write_report
from pipelines.report.runs import write_runs
from pipelines.report.story import cost_note
from pipelines.report.values import NetworkRoi, total_row

__all__ = ["NetworkRoi", "cost_note", "roi_table", "standing", "total_row", "write_report", "write_runs"]
