"""Pictures of stored rows: forest plot, evidence map, course of a case report (extra `plot`).

Place in the flow: beside `export`. Each picture is made of rows that the database holds and returns them, so that the
command can list what stands behind it; nothing is drawn that no row says.
"""

from __future__ import annotations

from pipeline.plot.forest import forest
from pipeline.plot.matrix import matrix
from pipeline.plot.timeline import timeline

__all__ = ["forest", "matrix", "timeline"]
