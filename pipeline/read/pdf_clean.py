"""Odd encodings of PDF text made plain: ligatures, private-use symbols, mis-encoded operators, loose accents.

Place in the flow: every word of a page passes `clean_word` before it becomes text. Nothing is guessed: a character
without a known meaning stays what the PDF says.
"""

from __future__ import annotations

import re
import unicodedata

SOFT_HYPHENS = frozenset("\u00ad\u0002\ufffe\uffff")
"""Soft hyphen, and the marks that PDFium writes for a hyphen that ends a line."""

_PLAIN = {
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st",
    "\u2010": "-", "\u2011": "-", "\ufeff": "", "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "",
    "\U000f8020": "′",
    "\u00a0": " ", "\u2009": " ", "\u202f": " ",
    "\u2002": " ", "\u2003": " ", "\u200a": " ", "\u2005": " ", "\u2007": " ",
}  # fmt: skip

# The Symbol font as Windows programs expose it (U+F000 + code): Adobe Symbol encoding vector.
_SYMBOL = {
    0x22: "∀", 0x24: "∃", 0x2A: "∗", 0x2D: "−", 0x40: "≅", 0x41: "Α", 0x42: "Β", 0x43: "Χ", 0x44: "Δ", 0x46: "Φ",
    0x47: "Γ", 0x4C: "Λ", 0x50: "Π", 0x51: "Θ", 0x53: "Σ", 0x57: "Ω", 0x58: "Ξ", 0x59: "Ψ", 0x61: "α", 0x62: "β",
    0x63: "χ", 0x64: "δ", 0x65: "ε", 0x66: "φ", 0x67: "γ", 0x68: "η", 0x69: "ι", 0x6A: "ϕ", 0x6B: "κ", 0x6C: "λ",
    0x6D: "μ", 0x6E: "ν", 0x6F: "ο", 0x70: "π", 0x71: "θ", 0x72: "ρ", 0x73: "σ", 0x74: "τ", 0x75: "υ", 0x77: "ω",
    0x78: "ξ", 0x79: "ψ", 0x7A: "ζ", 0x7E: "∼", 0xA2: "′", 0xA3: "≤", 0xA5: "∞", 0xA7: "♣", 0xAB: "↔", 0xAC: "←",
    0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB5: "∝", 0xB7: "•",
    0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xD2: "®", 0xD3: "©", 0xD4: "™", 0xD5: "∏", 0xD6: "√",
    0xD7: "⋅", 0xDE: "⇒", 0xE5: "∑",
}  # fmt: skip

# "Advent" fonts of typesetters for Elsevier, Springer and others have no Unicode map: operators arrive as Latin-1.
_ADVENT = {"¼": "=", "þ": "+", "À": "−", "Â": "×", "Æ": "±", "ð": "(", "Þ": ")", "½": "[", "\u0084": "≤", "\u0085": "≥"}
_ADVENT_FONT = re.compile(r"(?:^|\+)Adv(?:P|OT|PS|T)", re.IGNORECASE)

SPACING_ACCENTS = {
    "´": "\u0301", "`": "\u0300", "¨": "\u0308", "ˆ": "\u0302", "˜": "\u0303", "¯": "\u0304", "˘": "\u0306",
    "˙": "\u0307", "˚": "\u030a", "¸": "\u0327", "ˇ": "\u030c", "˝": "\u030b", "˛": "\u0328",
}  # fmt: skip
_ACCENT_FIRST = re.compile("([" + "".join(SPACING_ACCENTS) + "])([A-Za-zı])")
_ODD = re.compile("[^\x20-\x7e–—’“”µμ±≤≥×·°]")


def clean_word(text: str, font: str = "") -> str:
    """The word with odd characters replaced; may be empty. Soft hyphens stay: the line end decides on them."""
    if not _ODD.search(text):
        return text.replace("`", "'") if "`" in text and not _ACCENT_FIRST.search(text) else text
    if _ADVENT_FONT.search(font):
        text = "".join(_ADVENT.get(char, char) for char in text)
    text = "".join(_plain(char) for char in text)
    text = _ACCENT_FIRST.sub(_compose, text)
    return unicodedata.normalize("NFC", text)


def _plain(char: str) -> str:
    if char in _PLAIN:
        return _PLAIN[char]
    code = ord(char)
    if 0x1D400 <= code <= 0x1D7FF:  # italic and bold letters of formulas
        return unicodedata.normalize("NFKC", char)
    if 0xF000 <= code <= 0xF0FF:
        low = code - 0xF000
        return _SYMBOL.get(low) or (chr(low) if 0x20 <= low < 0x7F else char)
    if code < 0x20 and char not in SOFT_HYPHENS:
        return ""
    return char


def _compose(match: re.Match[str]) -> str:
    base = "i" if match[2] == "ı" else match[2]
    composed = unicodedata.normalize("NFC", base + SPACING_ACCENTS[match[1]])
    return composed if len(composed) == 1 else match[0]


def set_accent(text: str, at: int, accent: str) -> str:
    """The word with an accent over the letter at or next to `at` that can bear it; unchanged if none can."""
    for place in (at, at - 1, at + 1):
        if 0 <= place < len(text):
            base = "i" if text[place] == "ı" else text[place]
            composed = unicodedata.normalize("NFC", base + SPACING_ACCENTS[accent])
            if len(composed) == 1:
                return text[:place] + composed + text[place + 1 :]
    return text


_EQUALS = re.compile(r"(?<=[A-Za-z)²]) ¼ (?=[−-]?[\d.<])")


def fix_operators(text: str) -> str:
    """`p ¼ 0.03` is `p = 0.03`: no text has a quarter sign between a word and a number. Length is kept."""
    return _EQUALS.sub(" = ", text) if "¼" in text else text


def is_garbled(text: str) -> bool:
    """Whether a page's characters have no usable Unicode map (private use, replacement, control characters)."""
    letters = [char for char in text if not char.isspace()]
    if len(letters) < 4:
        return False
    bad = sum(1 for char in letters if unicodedata.category(char) in {"Co", "Cn", "Cc"} or char == "\ufffd")
    return bad > 0.2 * len(letters)
