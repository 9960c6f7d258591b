"""What stands in a box of a PDF page: the way back from a box to words, for proofs.

Place in the flow: asked by `ask.verify`, never while reading. The reader goes from the page's characters to boxes; this
goes from boxes to PDFium's text inside them, so that both must agree.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pypdfium2.raw as pdfium_c

from pipeline.document import Box
from pipeline.read.letters import is_subsequence, letters
from pipeline.read.pdf_open import open_pdf
from pipeline.read.pdf_signs import sign_keys
from pipeline.read.source import read_bytes

_SCALE = 1000
_MARGIN = 0.5  # points added on each side: stored boxes are rounded
_LONGEST = 4000  # characters taken from one box


class PageText:
    """The pages of one open PDF."""

    def __init__(self, pdf: Any) -> None:
        self._pdf, self._number = pdf, 0
        self._page: Any = None
        self._text: Any = None

    def inside(self, box: Box) -> str:
        """The text inside a box, in PDFium's order; "" for a page that is not there."""
        if not 1 <= box.page <= len(self._pdf):
            return ""
        self._turn_to(box.page)
        (x0, y0), (x1, y1) = self._corner(box.x0, box.bottom), self._corner(box.x1, box.top)
        left, right, low, high = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
        area = (left - _MARGIN, high + _MARGIN, right + _MARGIN, low - _MARGIN)
        buffer = (ctypes.c_ushort * _LONGEST)()
        count = pdfium_c.FPDFText_GetBoundedText(self._text, *area, buffer, _LONGEST)
        return bytes(buffer)[: 2 * count].decode("utf-16-le", errors="replace").rstrip("\0")

    def holds(self, box: Box, words: str) -> bool:
        """Whether the words stand in the box, by their letters (Greek ones may be keys of a Pi font)."""
        there = letters(self.inside(box))
        return is_subsequence(letters(words), there) or is_subsequence(letters(sign_keys(words)), there)

    def close(self) -> None:
        """Let go of the page that is open."""
        if self._text:
            pdfium_c.FPDFText_ClosePage(self._text)
            self._page.close()
        self._text = self._page = None

    def _turn_to(self, number: int) -> None:
        if number == self._number:
            return
        self.close()
        self._number = number
        self._page = self._pdf[number - 1]
        self._text = pdfium_c.FPDFText_LoadPage(self._page.raw)

    def _corner(self, x: float, y: float) -> tuple[float, float]:
        """From points below the shown top left corner to the page's own coordinates (crop box, rotation)."""
        width, height = self._page.get_size()
        px, py = ctypes.c_double(), ctypes.c_double()
        size = (max(1, round(width * _SCALE)), max(1, round(height * _SCALE)))
        at = (round(x * _SCALE), round(y * _SCALE))
        pdfium_c.FPDF_DeviceToPage(self._page.raw, 0, 0, *size, 0, *at, ctypes.byref(px), ctypes.byref(py))
        return px.value, py.value


@contextmanager
def open_page_text(path: Path) -> Iterator[PageText]:
    """The text of a PDF's pages by box.

    Raises:
        UnreadableSource: it is not a PDF that can be opened.
    """
    with open_pdf(read_bytes(path), path.name) as pdf:
        pages = PageText(pdf)
        try:
            yield pages
        finally:
            pages.close()
