"""Opening a PDF: what is wrong with a file, in words that a user can act on.

Place in the flow: the first step of `read_pdf`. PDFium's error codes become `UnreadableSource` here and nowhere else.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium_c

from pipeline.errors import UnreadableSource


@contextmanager
def open_pdf(content: bytes, name: str) -> Iterator[Any]:
    """The open document; closed at the end.

    Raises:
        UnreadableSource: encrypted, damaged, truncated, without pages, or no PDF.
    """
    if b"%PDF-" not in content[:1024] and b"%%EOF" not in content[-2048:]:
        raise UnreadableSource(f"{name} is not a PDF (no %PDF header).", what_to_do="Download it again.")
    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as err:
        raise _refused(content, name) from err
    try:
        if len(pdf) == 0:
            raise UnreadableSource(f"{name} has no pages.", what_to_do="Download it again, or take it off the list.")
        yield pdf
    finally:
        pdf.close()


def _refused(content: bytes, name: str) -> UnreadableSource:
    code = pdfium_c.FPDF_GetLastError()
    if code in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY):
        return UnreadableSource(
            f"{name} is encrypted and needs a password.", what_to_do="Save it without a password and ingest that file."
        )
    if b"/Encrypt" in content and b"%%EOF" in content[-2048:]:
        return UnreadableSource(
            f"{name} is encrypted or damaged.", what_to_do="Save it without a password and ingest that file."
        )
    if not re.search(rb"/Type\s*/(?:Page\b|ObjStm)", content) and b"/Pages" in content and b"%%EOF" in content[-2048:]:
        return UnreadableSource(f"{name} has no pages.", what_to_do="Download it again, or take it off the list.")
    if b"%%EOF" not in content[-2048:]:
        return UnreadableSource(f"{name} is a truncated PDF (no end mark).", what_to_do="Download it again.")
    return UnreadableSource(
        f"{name} is a damaged PDF.", what_to_do="Download it again, or repair it (qpdf, mutool clean)."
    )


_XMP = re.compile(rb"<(prism:(?:publicationName|coverDate|doi))>([^<>]{4,200})</prism:")


def metadata_of(pdf: Any, content: bytes = b"") -> dict[str, str]:
    """The PDF's own title, subject and so on; empty values and file names are left out.

    The publisher's names for journal, date and DOI stand in an XMP packet in `content`, uncompressed as a rule.
    """
    found = {
        key.decode("ascii"): " ".join(html.unescape(value.decode("utf-8", "replace")).split())
        for key, value in (_XMP.findall(content) if b"prism:" in content else ())
    }
    for key in ("Title", "Author", "Subject", "Keywords", "doi"):
        value = " ".join(str(pdf.get_metadata_value(key)).split())
        if value and not re.search(r"\.(?:pdf|docx?|indd|qxd|tex|dvi|ps)\b", value, re.IGNORECASE):
            found[key] = value
    return found
