"""Words of a PDF page with their boxes and fonts, read through PDFium's C interface.

Place in the flow: the bottom of the PDF reader; `pdf_layout` orders what this yields. One call per character is the
cost of PDFium, so only the code point and the loose box are asked per character (into flat arrays that numpy
splits into words); font, size, angle and baseline are asked once per word.

Coordinates are PDF points from the top left corner of the page as it is shown (crop box and /Rotate applied).
"""

from __future__ import annotations

import ctypes
import itertools
import re
from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium_c

from pipeline.read.pdf_clean import SOFT_HYPHENS, SPACING_ACCENTS, clean_word, set_accent
from pipeline.read.pdf_fonts import Fonts, Style, plain_function

MAX_CHARS = 200_000
"""Characters of one page that are looked at; a dense page has 10,000."""
MAX_OBJECTS = 20_000
"""Page objects (rules, images) that are looked at; vector plots can have a million."""

_SCALE = 1000


@dataclass(slots=True, eq=False)
class Word:
    """A run of characters of one font and baseline. `glued`: no blank between it and the word before."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    base: float
    size: float
    font: str
    bold: bool
    italic: bool
    angle: int
    glued: bool
    order: int
    hyphen: bool = False  # ends with a soft hyphen or PDFium's line-end hyphen
    raised: bool = False


@dataclass(slots=True)
class PageWords:
    """What stands on one page. `rules` are horizontal lines `(x0, y, x1)`, `images` boxes of pictures."""

    number: int
    width: float
    height: float
    words: list[Word]
    n_chars: int = 0
    rules: list[tuple[float, float, float]] = field(default_factory=list)
    images: list[tuple[float, float, float, float]] = field(default_factory=list)
    paths: int = 0
    truncated: bool = False
    has_hidden_text: bool = False  # drawn invisibly, as OCR programs do over a scan


def read_page(page: Any, number: int) -> PageWords:
    """Words, rules and pictures of one open PDFium page."""
    width, height = page.get_size()
    found = PageWords(number, width, height, [])
    matrix = _device_matrix(page, width, height)
    textpage = pdfium_c.FPDFText_LoadPage(page.raw)
    if textpage:
        try:
            found.words, found.n_chars, found.truncated = _read_words(textpage, matrix)
            found.has_hidden_text = _is_hidden(textpage, found.n_chars)
        finally:
            pdfium_c.FPDFText_ClosePage(textpage)
    _read_objects(page, matrix, found)
    return found


def _is_hidden(textpage: Any, count: int) -> bool:
    """Whether the text is drawn invisibly, by a sample of its characters."""
    modes = []
    for index in range(count // 20, count, max(1, count // 10)):
        item = pdfium_c.FPDFText_GetTextObject(textpage, index)
        if item:
            modes.append(pdfium_c.FPDFTextObj_GetTextRenderMode(item))
    return len(modes) >= 3 and modes.count(3) > 0.7 * len(modes)


def _device_matrix(page: Any, width: float, height: float) -> tuple[float, float, float, float, float, float]:
    """Affine map from the page's own coordinates to points from the shown top left corner."""
    x, y = ctypes.c_int(), ctypes.c_int()
    wide, high = max(1, round(width * _SCALE)), max(1, round(height * _SCALE))
    if max(wide, high) > 2**30:
        return (1.0, 0.0, 0.0, -1.0, 0.0, height)

    def place(px: float, py: float) -> tuple[float, float]:
        pdfium_c.FPDF_PageToDevice(page.raw, 0, 0, wide, high, 0, px, py, ctypes.byref(x), ctypes.byref(y))
        return x.value / _SCALE, y.value / _SCALE

    (ex, ey), (ax, ay), (cx, cy) = place(0, 0), place(100, 0), place(0, 100)
    return ((ax - ex) / 100, (ay - ey) / 100, (cx - ex) / 100, (cy - ey) / 100, ex, ey)


_GET_CODE = plain_function(pdfium_c.FPDFText_GetUnicode, ctypes.c_uint, ctypes.c_void_p, ctypes.c_int)
_GET_BOX = plain_function(
    pdfium_c.FPDFText_GetLooseCharBox, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
)

_GET_ORIGIN = plain_function(
    pdfium_c.FPDFText_GetCharOrigin, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p
)

"""Font name, size in points, bold, italic, angle in degrees."""


def _read_words(textpage: Any, matrix: tuple[float, ...]) -> tuple[list[Word], int, bool]:
    total = pdfium_c.FPDFText_CountChars(textpage)
    count = min(max(total, 0), MAX_CHARS)
    if count == 0:
        return [], 0, False
    boxes = (pdfium_c.FS_RECTF * count)()
    handle = ctypes.cast(textpage, ctypes.c_void_p).value
    first = ctypes.addressof(boxes)
    step = ctypes.sizeof(pdfium_c.FS_RECTF)
    # `map` over C functions with plain integers: the loop itself stays out of Python.
    codes = _codes(textpage, handle, count)
    deque(map(_GET_BOX, repeat(handle, count), range(count), range(first, first + step * count, step)), maxlen=0)
    rect = np.frombuffer(boxes, dtype=np.float32).reshape(count, 4).astype(np.float64)
    code = np.array(codes, dtype=np.int64)
    code[code > 0x10FFFF] = 0xFFFD
    start, end, glued = _split(code, rect)
    text = "".join(map(chr, code.tolist()))
    start, end, glued = _part_sentences(text, start, end, glued)
    boxes_shown = np.round(_to_device(rect, matrix), 1)
    fonts = Fonts(textpage)
    styles = [fonts.style(index) for index in start]
    if fonts.has_pi:  # signs hide in these fonts, so a word must not run over a change of font
        start, end, glued = _part_fonts(fonts, start, end, glued)
        styles = [fonts.style(index) for index in start]
    words = _describe(textpage, text, boxes_shown, (start, end, glued), (matrix, styles))
    if any(word.text in SPACING_ACCENTS for word in words):
        words = _place_accents(words)
    return words, count, total > count


_SENTENCE_SEAM = re.compile(r"(?<=[a-z)\]][a-z)\]][.?!])(?=[A-Z][a-z])")


def _part_sentences(
    text: str, starts: list[int], ends: list[int], glued: list[bool]
) -> tuple[list[int], list[int], list[bool]]:
    """Part "country.Therefore": in tight lines a ligature swallows the blank after a full stop."""
    seams = [match.start() for match in _SENTENCE_SEAM.finditer(text)]
    if not seams:
        return starts, ends, glued
    for seam in reversed(seams):
        at = bisect_right(starts, seam) - 1
        if at < 0 or not starts[at] < seam < ends[at] or re.search(r"[/@]|www", text[starts[at] : ends[at]]):
            continue
        starts.insert(at + 1, seam)
        ends.insert(at, seam)
        glued.insert(at + 1, False)
    return starts, ends, glued


def _place_accents(words: list[Word]) -> list[Word]:
    """Put accents that are drawn on their own over the letter that they stand above."""
    kept: list[Word] = []
    accents = [word for word in words if word.text in SPACING_ACCENTS]
    for word in words:
        if word.text in SPACING_ACCENTS:
            continue
        for accent in accents:
            middle = (accent.x0 + accent.x1) / 2
            if abs(accent.base - word.base) < 0.5 * word.size and word.x0 <= middle <= word.x1:
                at = min(len(word.text) - 1, int((middle - word.x0) / max(word.x1 - word.x0, 0.1) * len(word.text)))
                word.text = set_accent(word.text, at, accent.text)
        kept.append(word)
    return kept


def _to_device(rect: Any, matrix: tuple[float, ...]) -> Any:
    """Boxes (left, top, right, bottom; y upwards) as x0, top, x1, bottom on the shown page."""
    a, b, c, d, e, f = matrix
    xs = np.stack([a * rect[:, i] + c * rect[:, j] + e for i, j in ((0, 1), (2, 1), (0, 3), (2, 3))])
    ys = np.stack([b * rect[:, i] + d * rect[:, j] + f for i, j in ((0, 1), (2, 1), (0, 3), (2, 3))])
    return np.stack([xs.min(0), ys.min(0), xs.max(0), ys.max(0)], axis=1)


_BLANKS = np.array(
    [0x20, 0x09, 0x0A, 0x0D, 0xA0, 0x2002, 0x2003, 0x2005, 0x2007, 0x2009, 0x200A, 0x202F, 0x3000, 0x0], dtype=np.int64
)


def _split(code: Any, rect: Any) -> tuple[list[int], list[int], list[bool]]:
    """Word ranges: a blank, a jump, or a change of height or baseline ends a word."""
    blank = np.isin(code, _BLANKS)
    height = np.maximum(np.abs(rect[:, 1] - rect[:, 3]), 0.1)
    solid = np.flatnonzero(~blank)
    if solid.size == 0:
        return [], [], []
    before, here = solid[:-1], solid[1:]
    adjacent = here - before == 1
    low = np.minimum(height[before], height[here])
    shift = np.maximum(np.abs(rect[here, 3] - rect[before, 3]), np.abs(rect[here, 1] - rect[before, 1]))
    gap = np.maximum(rect[here, 0] - rect[before, 2], rect[before, 0] - rect[here, 2])
    upright = shift <= np.maximum(0.06 * low, 0.05)
    # Turned text runs along y: there the boxes share x and a jump in y is normal.
    turned = (
        (np.abs(rect[here, 0] - rect[before, 0]) <= 0.05 * low + 0.05)
        & (shift > 0)
        & (shift < 1.5 * np.abs(rect[here, 2] - rect[here, 0]) + 1)
    )
    same = adjacent & ((upright & (gap < 0.18 * low)) | turned)
    glued = adjacent & (gap < 0.18 * low) & (shift < 1.2 * np.maximum(height[before], height[here]))
    first = np.concatenate(([True], ~same))
    index = np.flatnonzero(first)
    starts = solid[index]
    ends = np.concatenate((solid[index[1:] - 1] + 1, [solid[-1] + 1]))
    return starts.tolist(), ends.tolist(), np.concatenate(([False], glued))[index].tolist()


def _codes(textpage: Any, handle: int | None, count: int) -> Any:
    """Code of every character: the whole text at once where it is aligned with the characters, else one by one."""
    buffer = (ctypes.c_ushort * (count + 1))()
    if pdfium_c.FPDFText_GetText(textpage, 0, count, buffer) == count + 1:
        codes: Any = np.array(buffer[:count], dtype=np.int64)
        sample = range(0, count, max(1, count // 24))
        if codes[count - 1] and all(_GET_CODE(handle, index) == codes[index] for index in sample):
            return codes
    return list(map(_GET_CODE, repeat(handle, count), range(count)))


def _describe(
    textpage: Any,
    text: str,
    boxes: Any,
    ranges: tuple[list[int], list[int], list[bool]],
    page: tuple[tuple[float, ...], list[Style]],
) -> list[Word]:
    matrix, styles = page
    starts, ends, glue = ranges
    if not starts:
        return []
    lows = np.minimum.reduceat(boxes, np.array(starts), axis=0)[:, :2].tolist()
    highs = np.maximum.reduceat(_mask_gaps(boxes, starts, ends), np.array(starts), axis=0)[:, 2:].tolist()
    words: list[Word] = []
    paired = bool(_SURROGATE.search(text))  # PDFium gives characters beyond the BMP as UTF-16 pairs
    bases = _baselines(textpage, starts, matrix)
    for order, (start, end, glued) in enumerate(zip(starts, ends, glue, strict=True)):
        raw = text[start:end]
        font, size, bold, italic, angle = styles[order]
        if paired:
            raw = raw.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        hyphen = False
        cleaned = raw
        if not raw.isascii() or not raw.isprintable() or "`" in raw:
            hyphen = raw[-1] in SOFT_HYPHENS
            cleaned = clean_word("".join([char for char in raw if char not in SOFT_HYPHENS]), font)
            if hyphen:
                cleaned += "-"
            if not cleaned:
                continue
        (x0, top), (x1, bottom) = lows[order], highs[order]
        words.append(
            Word(cleaned, x0, top, x1, bottom, bases[order], size, font, bold, italic, angle, glued, order, hyphen)
        )
    return words


def _baselines(textpage: Any, starts: list[int], matrix: tuple[float, ...]) -> list[float]:
    """Height of the baseline at each of the characters, from the top of the page."""
    count = len(starts)
    origins = (ctypes.c_double * (2 * count))()
    handle = ctypes.cast(textpage, ctypes.c_void_p).value
    first = ctypes.addressof(origins)
    end = first + 16 * count
    deque(map(_GET_ORIGIN, repeat(handle), starts, range(first, end, 16), range(first + 8, end + 8, 16)), maxlen=0)
    xy: Any = np.array(origins[:], dtype=np.float64).reshape(count, 2)
    _, b, _, d, _, f = matrix
    bases: list[float] = (b * xy[:, 0] + d * xy[:, 1] + f).tolist()
    return bases


_SURROGATE = re.compile("[\ud800-\udfff]")


def _mask_gaps(boxes: Any, starts: list[int], ends: list[int]) -> Any:
    """Boxes in which the blanks between words cannot win a maximum."""
    mask = np.zeros(len(boxes) + 1, dtype=np.int64)
    np.add.at(mask, starts, 1)
    np.add.at(mask, ends, -1)
    inside = np.cumsum(mask)[:-1] > 0
    return np.where(inside[:, None], boxes, -1e9)


def _part_fonts(
    fonts: Fonts, starts: list[int], ends: list[int], glued: list[bool]
) -> tuple[list[int], list[int], list[bool]]:
    """Word ranges cut wherever the font changes."""
    found: tuple[list[int], list[int], list[bool]] = ([], [], [])
    for start, end, joins in zip(starts, ends, glued, strict=True):
        if fonts.item(start) == fonts.item(end - 1):
            found[0].append(start)
            found[1].append(end)
            found[2].append(joins)
            continue
        names = [fonts.style(index)[0] for index in range(start, end)]
        cuts = [start, *[start + i for i in range(1, end - start) if names[i] != names[i - 1]], end]
        for low, high in itertools.pairwise(cuts):
            found[0].append(low)
            found[1].append(high)
            found[2].append(joins or low > start)
    return found


def _read_objects(page: Any, matrix: tuple[float, ...], found: PageWords) -> None:
    """Horizontal rules, pictures and the number of drawn paths."""
    a, b, c, d, e, f = matrix
    left, low, right, high = (ctypes.c_float() for _ in range(4))
    args = tuple(ctypes.byref(value) for value in (left, low, right, high))
    count = min(pdfium_c.FPDFPage_CountObjects(page.raw), MAX_OBJECTS)
    for index in range(count):
        item = pdfium_c.FPDFPage_GetObject(page.raw, index)
        kind = pdfium_c.FPDFPageObj_GetType(item)
        if kind not in (
            pdfium_c.FPDF_PAGEOBJ_PATH,
            pdfium_c.FPDF_PAGEOBJ_IMAGE,
            pdfium_c.FPDF_PAGEOBJ_FORM,
            pdfium_c.FPDF_PAGEOBJ_SHADING,
        ):
            continue
        if not pdfium_c.FPDFPageObj_GetBounds(item, *args):
            continue
        xs = (a * left.value + c * low.value + e, a * right.value + c * high.value + e)
        ys = (b * left.value + d * low.value + f, b * right.value + d * high.value + f)
        x0, x1, y0, y1 = min(xs), max(xs), min(ys), max(ys)
        if kind == pdfium_c.FPDF_PAGEOBJ_PATH:
            found.paths += 1
            if y1 - y0 <= 2.5 and x1 - x0 >= 15:
                found.rules.append((x0, (y0 + y1) / 2, x1))
        elif x1 - x0 > 15 and y1 - y0 > 15:
            found.images.append((x0, y0, x1, y1))
