"""Landing: recognise a file, read it, refuse or accept it row by row, and keep it in the lake."""

from pipelines.lake import FileTotal, Part, QuarantinedRow, Receipt
from pipelines.land.explain import ColumnUse, Explained, Near, explain_file
from pipelines.land.ingest import inspect_file, land
from pipelines.land.news import tell_new_columns

__all__ = [
    "ColumnUse",
    "Explained",
    "FileTotal",
    "Near",
    "Part",
    "QuarantinedRow",
    "Receipt",
    "explain_file",
    "inspect_file",
    "land",
    "tell_new_columns",
]
