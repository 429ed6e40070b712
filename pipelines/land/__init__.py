"""Landing: recognise a file, read it, refuse or accept it row by row, and keep it in the lake."""

from pipelines.lake import FileTotal, Part, QuarantinedRow, Receipt
from pipelines.land.ingest import inspect_file, land

__all__ = ["FileTotal", "Part", "QuarantinedRow", "Receipt", "inspect_file", "land"]
