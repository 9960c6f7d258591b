"""Running: paths in, one database out.

Place in the flow: around everything from `read` to `load`. `process` is the function of one file, `files` finds them,
`ingest` loops and writes.
"""

from __future__ import annotations

from pipeline.run.caps import Limits
from pipeline.run.ingest import Reporter, Summary, ingest, load_shards
from pipeline.run.process import process_path, rows_of_path

__all__ = ["Limits", "Reporter", "Summary", "ingest", "load_shards", "process_path", "rows_of_path"]
