"""Are these the same words? Comparison by letters and digits alone, for proofs.

Place in the flow: used by `page_words` and `ask.proof`; reading itself never compares loosely.
"""

from __future__ import annotations

import re
import unicodedata


def letters(text: str) -> str:
    """Letters and digits alone, ligatures opened, accents taken off (PDF draws them as characters of their own)."""
    plain = unicodedata.normalize("NFKD", text.replace("ı", "i"))
    return "".join(re.findall(r"\w", "".join(c for c in plain if not unicodedata.combining(c))))


def is_subsequence(part: str, whole: str) -> bool:
    """Whether `part` is `whole` with some characters (those a repair put in) left out."""
    rest = iter(whole)
    return all(character in rest for character in part)
