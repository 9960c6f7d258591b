"""Font, size, weight and direction of characters, asked of PDFium once per text object.

Place in the flow: `pdf_chars` asks it for every word.
"""

from __future__ import annotations

import ctypes
import math
import sys
from typing import Any

import pypdfium2.raw as pdfium_c


def plain_function(function: Any, *types: Any) -> Any:
    """A function of PDFium that takes addresses as plain integers, which is faster than typed pointers."""
    return ctypes.CFUNCTYPE(*types)(ctypes.cast(function, ctypes.c_void_p).value or 0)


_GET_OBJECT = plain_function(pdfium_c.FPDFText_GetTextObject, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)


Style = tuple[str, float, bool, bool, int]


class Fonts:
    """Font facts of one page, asked once per text object."""

    def __init__(self, textpage: Any) -> None:
        self._textpage = textpage
        self._handle = ctypes.cast(textpage, ctypes.c_void_p).value
        self._buffer = ctypes.create_string_buffer(256)
        self._flags = ctypes.c_int()
        self._styles: dict[int, Style] = {}
        self._matrix = pdfium_c.FS_MATRIX()
        self.has_pi = False

    def item(self, index: int) -> int | None:
        """Address of the text object that drew the character."""
        found: int | None = _GET_OBJECT(self._handle, index)
        return found

    def style(self, index: int) -> Style:
        item: int | None = _GET_OBJECT(self._handle, index)
        known = self._styles.get(item) if item is not None else None
        if known is None:
            known = self._ask(index)
            if item is not None:
                self._styles[item] = known
        return known

    def _ask(self, index: int) -> Style:
        textpage = self._textpage
        length = pdfium_c.FPDFText_GetFontInfo(textpage, index, self._buffer, 256, ctypes.byref(self._flags))
        name = self._buffer.raw[: max(0, min(length, 256) - 1)].decode("utf-8", "replace")
        self.has_pi = self.has_pi or "Adv" in name
        size = pdfium_c.FPDFText_GetFontSize(textpage, index)
        angle = 0
        matrix = self._matrix
        if pdfium_c.FPDFText_GetMatrix(textpage, index, matrix):
            a, b, c, d = matrix.a, matrix.b, matrix.c, matrix.d
            if b or c:
                angle = round(math.degrees(math.atan2(b, a))) % 360
                size *= math.hypot(c, d) or 1.0
            else:
                angle = 0 if a > 0 else 180
                size *= abs(d) or 1.0
        return (sys.intern(name), round(size, 2), *_weight(name, self._flags.value), angle)


_BOLD = ("bold", "black", "heavy", "semibold", "demi", "-bd", ".b+", "medi")


def _weight(name: str, flags: int) -> tuple[bool, bool]:
    lower = name.lower()
    bold = any(word in lower for word in _BOLD) or lower.endswith((".b", "-b", "_b")) or bool(flags & 0x40000)
    italic = "ital" in lower or "obli" in lower or lower.endswith((".i", "-i", "-it", "_i")) or bool(flags & 0x40)
    return bold, italic
