"""A small PDF writer: pages of two columns and a table, in the standard fonts, no library.

Place in the flow: used by `made`, so that the benchmark has PDFs wherever it runs.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

_WIDTH, _HEIGHT = 595, 842
_TOP, _BOTTOM = 780, 60
_LEFTS = (50, 310)
_PER_LINE = 50  # characters of 9-point Times in a column of 240 points
_STEP = 11.0


def two_column_pdf(parts: Iterable[tuple[str, str]], table: Sequence[Sequence[str]]) -> bytes:
    """The bytes of a PDF: `parts` are ("title" | "head" | "text", words); the table stands on a page of its own."""
    pages: list[list[str]] = [[]]
    column, y = 0, float(_TOP)
    for kind, words in parts:
        if kind == "title":
            for line in textwrap.wrap(words, 70):
                pages[-1].append(_line(_LEFTS[0], y, line, font=1, size=15))
                y -= 20
            continue
        size, font = (11, 1) if kind == "head" else (9, 0)
        for line in textwrap.wrap(words, _PER_LINE):
            if y < _BOTTOM:
                column, y = column + 1, float(_TOP)
                if column == len(_LEFTS):
                    pages.append([])
                    column = 0
            pages[-1].append(_line(_LEFTS[column], y, line, font=font, size=size))
            y -= _STEP
        y -= _STEP / 2
    pages.append(_table_page(table))
    return _file(pages)


def _table_page(table: Sequence[Sequence[str]]) -> list[str]:
    made, y = [_line(_LEFTS[0], _TOP, "Table 1. Outcomes at 12 months", font=1, size=10)], _TOP - 20.0
    for number, row in enumerate(table):
        if number in (0, 1):
            made.append(f"0.5 w {_LEFTS[0]} {y + 10} m 545 {y + 10} l S")
        made += [_line(_LEFTS[0] + 125 * i, y, cell, font=0, size=9) for i, cell in enumerate(row)]
        y -= 14
    made.append(f"0.5 w {_LEFTS[0]} {y + 10} m 545 {y + 10} l S")
    return made


def _line(x: float, y: float, words: str, *, font: int, size: float) -> str:
    words = words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /F{font} {size} Tf {x} {y:.1f} Td ({words}) Tj ET"


def _file(pages: Sequence[Sequence[str]]) -> bytes:
    first = 5  # objects before the pages: catalogue, tree, two fonts
    kids = " ".join(f"{first + 2 * i + 1} 0 R" for i in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Bold /Encoding /WinAnsiEncoding >>",
    ]
    for number, page in enumerate(pages):
        content = "\n".join(page).encode("cp1252")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_WIDTH} {_HEIGHT}] /Contents {first + 2 * number} 0 R "
            "/Resources << /Font << /F0 3 0 R /F1 4 0 R >> >> >>".encode()
        )
    made, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(made)
