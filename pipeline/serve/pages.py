"""Pictures of PDF pages with the quote of a row boxed, whole or cut out around the quote.

Place in the flow: used by `views`. The file is compared with what was read, so that no box is drawn on another text.
"""

from __future__ import annotations

import hashlib
import io
from functools import lru_cache
from pathlib import Path
from threading import Lock

from PIL import Image

from pipeline.ask.rows import EvidenceRow, Shown
from pipeline.document import Box
from pipeline.errors import SourceError
from pipeline.read.render import render_page
from pipeline.read.source import read_bytes

SCALE = 2.0  # pixels per PDF point
_MARGIN = 30.0  # points shown around a quote that is cut out
_pdfium = Lock()  # pdfium works in one thread at a time


def pages_of(quote: Shown) -> list[int]:
    """Pages the quote stands on, in order."""
    return sorted({box.page for box in quote.boxes})


def picture(row: EvidenceRow, sha256: str, *, number: int, page: int, cut: bool) -> bytes:
    """A page as PNG with the boxes of one quote of a row.

    Args:
        sha256: of the file when it was read.
        number: which quote of the row.
        cut: only the part around the quote.

    Raises:
        SourceError: there is no such quote on that page, or the file is gone or not the same any more.
    """
    if not 0 <= number < len(row.quotes) or page not in pages_of(row.quotes[number]):
        raise SourceError(f"{row.row_id} has no quote {number} on page {page}.", what_to_do="Open the row again.")
    path = source_file(row)
    boxes = tuple(box for box in row.quotes[number].boxes if box.page == page)
    return _drawn(path, path.stat().st_mtime_ns, sha256, boxes, cut)


def source_file(row: EvidenceRow) -> Path:
    """Where the row's file is now.

    Raises:
        SourceError: it is not there.
    """
    for path in (Path(row.source_path), Path(row.source)):
        if path.is_file():
            return path
    raise SourceError(f"{row.source} is not there any more.", what_to_do="Put the file back where it was.")


@lru_cache(maxsize=32)
def _drawn(path: Path, changed: int, sha256: str, boxes: tuple[Box, ...], cut: bool) -> bytes:
    """The picture; `changed` is part of what it is remembered by."""
    if hashlib.sha256(read_bytes(path)).hexdigest() != sha256:
        raise SourceError(f"{path.name} is not the file that was read.", what_to_do="Ingest it again.")
    with _pdfium:
        png = render_page(path, boxes[0].page, boxes, scale=SCALE)
    return _around(png, boxes) if cut else png


def _around(png: bytes, boxes: tuple[Box, ...]) -> bytes:
    with Image.open(io.BytesIO(png)) as whole:
        area = (
            max(0, round((min(box.x0 for box in boxes) - _MARGIN) * SCALE)),
            max(0, round((min(box.top for box in boxes) - _MARGIN) * SCALE)),
            min(whole.width, round((max(box.x1 for box in boxes) + _MARGIN) * SCALE)),
            min(whole.height, round((max(box.bottom for box in boxes) + _MARGIN) * SCALE)),
        )
        buffer = io.BytesIO()
        whole.crop(area).save(buffer, format="PNG")
    return buffer.getvalue()
