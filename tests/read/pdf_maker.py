"""A minimal PDF writer for tests: pages of text at given places in the standard fonts, rules, pictures."""

from __future__ import annotations

from dataclasses import dataclass, field

WIDTH, HEIGHT = 595.0, 842.0
FONTS = {"body": "Times-Roman", "bold": "Times-Bold", "italic": "Times-Italic", "sans": "Helvetica"}


@dataclass
class Page:
    """Content of one page; `y` counts from the top, as the readers' boxes do."""

    width: float = WIDTH
    height: float = HEIGHT
    parts: list[str] = field(default_factory=list)
    has_picture: bool = False

    def text(self, x: float, y: float, words: str, *, size: float = 10, font: str = "body", mode: int = 0) -> Page:
        safe = words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        name = list(FONTS).index(font)
        self.parts.append(f"BT {mode} Tr /F{name} {size} Tf {x} {self.height - y} Td ({safe}) Tj ET")
        return self

    def lines(
        self, x: float, y: float, text: str, *, per_line: int = 46, size: float = 10, font: str = "body"
    ) -> float:
        """Wrapped text; returns where the next line would stand."""
        line = ""
        for word in text.split():
            if line and len(line) + len(word) + 1 > per_line:
                self.text(x, y, line, size=size, font=font)
                y += 1.2 * size
                line = word
            else:
                line = f"{line} {word}".strip()
        self.text(x, y, line, size=size, font=font)
        return y + 1.2 * size

    def turned(self, x: float, y: float, words: str, *, size: float = 8) -> Page:
        self.parts.append(f"BT /F0 {size} Tf 0 1 -1 0 {x} {self.height - y} Tm ({words}) Tj ET")
        return self

    def rule(self, x0: float, y: float, x1: float) -> Page:
        self.parts.append(f"0.5 w {x0} {self.height - y} m {x1} {self.height - y} l S")
        return self

    def picture(self) -> Page:
        """A grey picture over the whole page, as a scan has."""
        self.parts.append(f"q {self.width} 0 0 {self.height} 0 0 cm /Im0 Do Q")
        self.has_picture = True
        return self


def make_pdf(pages: list[Page], *, info: dict[str, str] | None = None) -> bytes:
    """The bytes of a PDF file with these pages."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    fonts = " ".join(f"/F{i} {3 + i} 0 R" for i in range(len(FONTS)))
    for name in FONTS.values():
        objects.append(f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode())
    picture = len(objects) + 1
    objects.append(
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray "
        b"/BitsPerComponent 8 /Length 1 >>\n"
        b"stream\n\x80\nendstream"
    )
    kids = []
    for page in pages:
        content = "\n".join(page.parts).encode("cp1252")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        kids.append(len(objects) + 1)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {page.width} {page.height}] /Contents {len(objects)} 0 R "
            f"/Resources << /Font << {fonts} >> /XObject << /Im0 {picture} 0 R >> >> >>".encode()
        )
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(f'{k} 0 R' for k in kids)}] /Count {len(kids)} >>".encode()
    trailer = ""
    if info:
        objects.append(("<< " + " ".join(f"/{k} ({v})" for k, v in info.items()) + " >>").encode("cp1252"))
        trailer = f" /Info {len(objects)} 0 R"
    return _file(objects, trailer)


def _file(objects: list[bytes], trailer: str) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, item in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R{trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
