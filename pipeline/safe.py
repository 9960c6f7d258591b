"""Text of papers made harmless for where it goes: a terminal or a spreadsheet."""

from __future__ import annotations

import unicodedata

# Characters that turn the direction of text around: they can make a line read as something else ("Trojan source").
_BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def safe(text: str) -> str:
    """One line without control characters: a title cannot move the cursor or colour the screen."""
    kept = ("" if c in _BIDI else " " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text)
    return " ".join("".join(kept).split())


def safe_cell(text: str) -> str:
    """A CSV cell that a spreadsheet does not run: a leading =, +, -, @ or control character gets an apostrophe.

    Plain numbers such as -0.5 stay as they are. Source: OWASP, CSV injection.
    """
    if text[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n") or _is_number(text):
        return text
    return "'" + text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
