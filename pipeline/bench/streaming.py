"""Section: a PubMed export of 30,000 records, packed, read as a stream.

Place in the flow: part of the page. Reading alone: what a record costs after that is in the section of stages.
"""

from __future__ import annotations

import time
from pathlib import Path

from pipeline.bench.made import write_pubmed
from pipeline.bench.memory import peak_megabytes, reset_peak
from pipeline.bench.plan import Plan, apart


def streaming(plan: Plan) -> str:
    """Records per second and peak memory of reading one large export."""
    path = plan.folder / "export.xml.gz"
    write_pubmed(path, plan.records)
    records, seconds, before, peak = apart(read_stream, path)
    packed, rate = path.stat().st_size / 2**20, records / max(seconds, 1e-9)
    return (
        f"## A large PubMed export\n\nOne `.xml.gz` of {records:,} records ({packed:.0f} MB packed) is read as a"
        f" stream: {rate:,.0f} records/s, peak\nmemory {peak:.0f} MB, {before:.0f} of them Python and the reader."
    )


def read_stream(path: Path) -> tuple[int, float, float, float]:
    """Number of records, seconds, megabytes before and at the peak."""
    from pipeline.document import Document
    from pipeline.read import medline_xml, read_documents

    assert medline_xml  # noqa: S101 (imported before memory is looked at)
    reset_peak()
    before, begun = peak_megabytes(), time.process_time()
    records = sum(isinstance(item, Document) for item in read_documents(path))
    return records, time.process_time() - begun, before, peak_megabytes()
