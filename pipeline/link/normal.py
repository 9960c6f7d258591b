"""One normal form for terms and texts, so that both meet whatever their case, hyphens, blanks and spelling.

Place in the flow: used by `linker` (whole strings) and `scan` (running text, with a map back to the original offsets).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

_HYPHENS = "-‐‑‒–—―−\u00ad"
_QUOTES = "’‘ʼ′`"
# One character for one character: offsets stay what they are. Hyphens become blanks ("steroid-resistant").
_ONE_TO_ONE = str.maketrans(
    {**dict.fromkeys(_HYPHENS + "\t\n\r\f\v\u00a0\u2009\u202f\u2007", " "), **dict.fromkeys(_QUOTES, "'")}
)
_GREEK = str.maketrans({"ß": "β", "µ": "μ"})
_BLANKS = re.compile(r"  +")
# British → American, on lower-case text. Only stems where the swap is safe in medical words.
_BRITISH = (
    ("oedem", "edem"),
    ("anaem", "anem"),
    ("haem", "hem"),
    ("aemia", "emia"),
    ("aemic", "emic"),
    ("uraem", "urem"),
    ("tumour", "tumor"),
    ("oesoph", "esoph"),
    ("diarrhoea", "diarrhea"),
    ("leucop", "leukop"),
    ("leucoc", "leukoc"),
    ("coeliac", "celiac"),
    ("paediatric", "pediatric"),
    ("foetal", "fetal"),
    ("hypovolaem", "hypovolem"),
    ("ischaem", "ischem"),
    ("fibre", "fiber"),
    ("litre", "liter"),
    ("necrotis", "necrotiz"),
    ("sulph", "sulf"),
    ("hospitalis", "hospitaliz"),
    ("normalis", "normaliz"),
    ("dyspnoea", "dyspnea"),
    ("apnoea", "apnea"),
    ("menorrhoea", "menorrhea"),
    ("glycaem", "glycem"),
    ("oestr", "estr"),
    ("vacuolis", "vacuoliz"),
    ("stabilis", "stabiliz"),
    ("haemat", "hemat"),
    ("colour", "color"),
    ("behaviour", "behavior"),
    ("centre", "center"),
    ("aluminium", "aluminum"),
)
_PLURAL_ES = re.compile(r"(?:ss|sh|ch|x|z)es$")
_PLURAL_IES = re.compile(r"[^aeiou]ies$")
_NO_PLURAL = re.compile(r"(?:ss|us|is|sis|itis|as|ous|ies)$")


def fold(text: str) -> str:
    """Lower case, hyphens as blanks, one character for one character (so offsets hold).

    The few letters whose lower case has another length ("İ") stay as they are.
    """
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return lowered.translate(_ONE_TO_ONE).translate(_GREEK)


@lru_cache(maxsize=16)  # the labels are scanned one after the other over the same text; the list is only read
def fold_with_map(text: str) -> tuple[str, list[int] | None]:
    """`fold` with runs of blanks as one; the list gives each character's original offset (None: identity)."""
    folded = fold(text)
    if "  " not in folded:
        return folded, None
    pieces: list[str] = []
    offsets: list[int] = []
    last = 0
    for run in _BLANKS.finditer(folded):
        pieces.append(folded[last : run.start() + 1])
        offsets.extend(range(last, run.start() + 1))
        last = run.end()
    pieces.append(folded[last:])
    offsets.extend(range(last, len(folded)))
    return "".join(pieces), offsets


@cache
def american(text: str) -> str:
    """Lower-case text with American spelling of the stems we know."""
    for british, us in _BRITISH:
        if british in text:
            text = text.replace(british, us)
    return text


def key(text: str) -> str:
    """The look-up key of a whole string: folded, American, blanks single, outer punctuation gone, plain accents."""
    folded = " ".join(fold(text).split()).strip(" .,;:()[]'\"")
    plain = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return american(plain)


def singular(word: str) -> str | None:
    """The singular of an English noun phrase's last word, None if it is none."""
    if len(word) < 4 or not word.endswith("s"):
        return None
    if _PLURAL_IES.search(word):
        return word[:-3] + "y"
    if _PLURAL_ES.search(word):
        return word[:-2]
    return None if _NO_PLURAL.search(word) else word[:-1]


def spellings(term: str) -> Iterator[str]:
    """Folded strings under which a term may stand in running text: itself, British and American, plural, no accents."""
    folded = " ".join(fold(term).split())
    plain = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    bases = dict.fromkeys((folded, plain, american(plain)))
    for base in list(bases):
        bases.update(dict.fromkeys(british_spellings(base)))
    for base in bases:
        yield base
        if base[-1:].isalpha() and not base.endswith("s"):
            yield plural(base)


@cache
def british_spellings(text: str) -> tuple[str, ...]:
    """The text with each American stem in its British form, all at once."""
    changed = text
    for british, us in _AMERICAN_STEMS:
        changed = re.sub(us, british, changed)
    return (changed,) if changed != text else ()


# American → British needs word context where the American stem also stands in words that do not change.
_AMERICAN_STEMS = (
    ("oedem", r"\bedem|(?<=[a-z])edem(?=a)"),
    ("anaem", r"anem(?=i)"),
    ("haem", r"\bhem(?=o|at)|(?<=[a-z])hem(?=at)"),
    ("aemia", r"(?<=[a-z])emia\b"),
    ("aemic", r"(?<=[cklnprstdyv])emic\b(?<!academic)(?<!systemic)(?<!endemic)(?<!epidemic)"),
    ("tumour", r"tumor(?=s?\b)"),
    ("oesoph", r"\besoph"),
    ("diarrhoea", r"diarrhea"),
    ("ischaem", r"ischem"),
    ("necrotis", r"necrotiz"),
    ("sulph", r"sulf(?=on|at)"),
    ("dyspnoea", r"dyspnea"),
    ("glycaem", r"glycem(?=i)"),
)


def plural(text: str) -> str:
    """The regular English plural of a noun phrase, by its last word."""
    if re.search(r"[^aeiou]y$", text):
        return text[:-1] + "ies"
    if re.search(r"(?:sh|ch|x|z)$", text):
        return text + "es"
    return text + "s"
