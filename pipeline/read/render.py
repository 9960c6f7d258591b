"""A page of a PDF as a PNG picture with boxes drawn over it.

Place in the flow: beside the readers; `evidence show --png` and the web page call it to show where a quote stands.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw

from pipeline.document import Box
from pipeline.errors import UnreadableSource
from pipeline.read.pdf_open import open_pdf
from pipeline.read.source import read_bytes

MAX_PIXELS = 40_000_000
"""Cap on the picture's size; a page that would exceed it is drawn smaller."""

_FILL = (255, 214, 10, 90)
_OUTLINE = (200, 80, 0, 255)


def render_page(path: Path, page: int, boxes: Sequence[Box] = (), *, scale: float = 2.0) -> bytes:
    """One page as PNG, with those of the boxes that stand on it marked.

    Args:
        path: the PDF; `.gz` is unpacked in passing.
        page: page number, from 1.
        boxes: boxes in PDF points from the top left corner, as passages have them; other pages' are left out.
        scale: pixels per PDF point.

    Raises:
        UnreadableSource: the PDF cannot be opened or has no such page.
    """
    with open_pdf(read_bytes(path), path.name) as pdf:
        if not 1 <= page <= len(pdf):
            raise UnreadableSource(
                f"{path.name} has no page {page}.", what_to_do=f"Choose a page from 1 to {len(pdf)}."
            )
        try:
            loaded = pdf[page - 1]
        except pypdfium2.PdfiumError as err:
            raise UnreadableSource(
                f"Page {page} of {path.name} cannot be loaded.", what_to_do="Download the PDF again."
            ) from err
        width, height = loaded.get_size()
        fits = min(scale, (MAX_PIXELS / max(1.0, width * height)) ** 0.5)
        picture = loaded.render(scale=fits).to_pil().convert("RGB")
        loaded.close()
    return _png(draw_boxes(picture, [box for box in boxes if box.page == page], fits))


def draw_boxes(picture: Image.Image, boxes: Sequence[Box], scale: float) -> Image.Image:
    """The picture with boxes laid over it; boxes that touch on one line are drawn as one."""
    layer = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    for box in merge_boxes(boxes):
        corners = (box.x0 * scale - 1, box.top * scale - 1, box.x1 * scale + 1, box.bottom * scale + 1)
        pen.rectangle(corners, fill=_FILL, outline=_OUTLINE, width=max(1, round(scale / 2)))
    return Image.alpha_composite(picture.convert("RGBA"), layer).convert("RGB")


def merge_boxes(boxes: Sequence[Box]) -> list[Box]:
    """Word boxes of one line run together, in order."""
    merged: list[Box] = []
    for box in boxes:
        last = merged[-1] if merged else None
        if last is not None and last.page == box.page and _beside(last, box):
            merged[-1] = Box(
                box.page,
                min(last.x0, box.x0),
                min(last.top, box.top),
                max(last.x1, box.x1),
                max(last.bottom, box.bottom),
            )
        else:
            merged.append(box)
    return merged


def _beside(left: Box, right: Box) -> bool:
    height = max(left.bottom - left.top, right.bottom - right.top)
    level = abs((left.top + left.bottom) / 2 - (right.top + right.bottom) / 2) < 0.5 * height
    return level and -height < right.x0 - left.x1 < 1.5 * height


def _png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG")
    return buffer.getvalue()
