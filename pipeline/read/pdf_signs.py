"""Signs that typesetters' Pi fonts hide behind digits and letters: "3 6 2" is "3 ± 2", "P b 0.05" is "P < 0.05".

Place in the flow: after all pages' words are read and before lines are built, because a font shows what it is only by
what the whole document sets in it. The fonts are subsets named "Adv…" that carry no Unicode map (seen in papers of
many publishers, typeset by the same shops): MathematicalPi has "±" at the key "6", a relation font "<" at "b".

A font is taken for a Pi font only if every run of it in the document is one or two characters long and its digits are
no others than those keys; a text font would show longer runs or a 0, 4, 7, 8 or 9.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipeline.read.pdf_chars import Word

# Key of the font → sign (Adobe's MathematicalPi-One and -Six as the subsets use them).
_MATH_PI = {"5": "=", "1": "+", "2": "−", "3": "×", "6": "±", ",": "<", ".": ">", "#": "≤", "$": "≥", "%": "≈"}
_RELATIONS = {"b": "<", "N": ">"}
_GREEK = {
    "a": "α", "b": "β", "g": "γ", "d": "δ", "e": "ε", "z": "ζ", "h": "η", "u": "θ", "i": "ι", "k": "κ", "l": "λ",
    "m": "μ", "n": "ν", "j": "ξ", "p": "π", "r": "ρ", "s": "σ", "t": "τ", "f": "φ", "x": "χ", "c": "ψ", "v": "ω",
    "D": "Δ", "G": "Γ", "S": "Σ", "V": "Ω", "L": "Λ", "Q": "Θ",
}  # fmt: skip
_KEYS = str.maketrans({sign: key for key, sign in _GREEK.items()})
_PI_FONT = re.compile(r"^(?:[A-Z]{6}\+)?AdvPS?[0-9A-F]{4,6}$")
_ADVENT = re.compile(r"^(?:[A-Z]{6}\+)?Adv(?:TT|OT|P|PS)[0-9A-Fa-f]{4,8}$")


def mend_signs(pages: Sequence[Iterable[Word]]) -> int:
    """Replace the keys of Pi fonts by their signs, in place; the number of words changed."""
    runs: dict[str, set[str]] = {}
    for words in pages:
        for word in words:
            if word.font.find("Adv") >= 0 and _ADVENT.match(word.font) and not word.raised:
                runs.setdefault(word.font, set()).add(word.text)
    tables = {font: table for font, texts in runs.items() if (table := _table(font, texts))}
    if not tables:
        return 0
    changed = 0
    for words in pages:
        for word in words:
            if word.font not in tables:
                continue
            mended = "".join(tables[word.font].get(char, char) for char in word.text)
            changed += mended != word.text
            word.text = mended
    return changed


def sign_keys(text: str) -> str:
    """The way back: Greek letters as the keys that a Pi font hides them behind (for proofs against the page)."""
    return text.translate(_KEYS)


def _table(font: str, texts: set[str]) -> dict[str, str]:
    """What the keys of a font stand for; empty if it is a text font."""
    chars = set("".join(texts))
    if any(len(text) > 2 for text in texts):
        return {}
    letters = {char for char in chars if char.isalpha()}
    digits = {char for char in chars if char.isdigit()}
    if letters and letters <= set(_RELATIONS) and not digits:
        return dict(_RELATIONS)
    if not _PI_FONT.match(font) or digits - set("12356"):
        return {}
    if letters and not letters <= set(_GREEK):
        return {}
    return {**_GREEK, **_MATH_PI} if letters else dict(_MATH_PI)
