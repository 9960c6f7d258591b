"""Sentence boundaries that survive abbreviations, decimals, citations and initials.

Place in the flow: the first component of the tagging pipeline; assertion and relation work inside sentences. Pure
text in, exact offsets out.

>>> [s.end for s in find_sentences("Dose was 0.3 vs. 0.5 mg (Fig. 1). It fell.")]
[33, 42]
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from pipeline.document import Span

# Words whose full stop does not end a sentence, whatever follows.
_NEVER_FINAL_WORDS = """
    fig figs ref refs eq eqs vs v cf e.g i.e eg ie viz resp approx ca dr prof mr mrs ms st nos vol pp ed eds tab suppl
    sp spp var subsp incl excl al.the inc.the
"""
_NEVER_FINAL = frozenset(_NEVER_FINAL_WORDS.split())
# Words whose full stop ends a sentence only if the next word looks like a sentence start.
_SOMETIMES_FINAL_WORDS = """
    al no etc inc ltd co corp jr sr h hr hrs min sec wk wks mo mos yr yrs i.v i.m s.c p.o b.i.d t.i.d q.i.d q.d o.d
    b.d t.d.s u.s u.k dept univ a.m p.m n.s d.c jan feb mar apr jun jul aug sep sept oct nov dec
"""
_SOMETIMES_FINAL = frozenset(_SOMETIMES_FINAL_WORDS.split())
# A candidate: closing punctuation, its brackets or quotes and a glued citation, then blank space.
_CANDIDATE = re.compile(r"""[.!?][)\]"'”’»]*;?(?:\[[\d,\s–-]+\])?(?P<gap>\s+)""")
_WORD_BEFORE = re.compile(r"[^\s(\[{\"'“‘/]+$")
_STARTERS = re.compile(
    r"(?:The|This|These|Those|There|Th[eo]y|We|In|At|On|After|Before|During|For|It|Its|Our|All|No|"
    r"Both|However|Patients?|"
    r"A|An|As|By|From|To|With|Among|Although|Thus|Overall|Results?|Methods?|Conclusions?|Follow|"
    r"Treatment|One|Two|Three|Of)\b"
)
_COARSE = re.compile(r"[.;]\s+(?=[A-Z])")


def find_sentences(text: str, *, lines: bool = False) -> list[Span]:
    """Sentences of a passage without surrounding blanks; together they hold every non-blank character.

    Args:
        text: any text.
        lines: each line is a sentence of its own (the rows of a table).
    """
    cuts = {match.end() for match in re.finditer(r"\n[ \t]*\n\s*|\n" if lines else r"\n[ \t]*\n\s*", text)}
    if not lines:
        cuts.update(match.end() for match in _CANDIDATE.finditer(text) if _is_end(text, match))
    edges = [0, *sorted(cuts), len(text)]
    found = []
    for start, end in pairwise(edges):
        piece = text[start:end]
        low = start + len(piece) - len(piece.lstrip())
        high = end - (len(piece) - len(piece.rstrip()))
        if low < high:
            found.append(Span(low, high))
    return found


def runs_with(text: str, needed: re.Pattern[str], often: re.Pattern[str] | None = None) -> list[tuple[int, int]]:
    """Runs of neighbouring sentences that `needed` is found in: costly patterns need not look at the rest.

    `often` is a cheap part of `needed`, looked for first. The cuts are coarse (a stop before a capital), so a run may
    hold more than it must, never less.
    """
    edges = [0, *(match.end() for match in _COARSE.finditer(text)), len(text)]
    runs: list[tuple[int, int]] = []
    for start, end in pairwise(edges):
        if (often is None or often.search(text, start, end) is None) and needed.search(text, start, end) is None:
            continue
        if runs and runs[-1][1] == start:
            start = runs.pop()[0]
        runs.append((start, end))
    return runs


def _is_end(text: str, match: re.Match[str]) -> bool:
    stop = match.start()
    following = text[match.end() : match.end() + 40]
    if not following:
        return True
    if text[stop] != ".":
        return not following[0].islower()
    word_match = _WORD_BEFORE.search(text, max(0, stop - 40), stop)
    word = word_match.group().rstrip(".") if word_match else ""
    if _opens_badly(following):
        return False
    return _word_may_end(word, following, closed=text[stop + 1 : match.start("gap")].rstrip(";"))


def _opens_badly(following: str) -> bool:
    """A sentence does not open in lower case (except names such as mTOR, p53 or iPTH) nor with a closing mark."""
    first = following[0]
    if first.islower():
        return not re.match(r"[a-z]{1,3}[A-Z0-9-]", following)
    return first in ",;:)]}%=<>±≤≥+/"


@lru_cache(maxsize=4096)
def _kind_of(word: str) -> str:
    low = word.lower()
    if low in _NEVER_FINAL:
        return "never"
    if low in _SOMETIMES_FINAL:
        return "sometimes"
    if re.fullmatch(r"[A-Z]", word) or re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", word):
        return "initial"
    return "free"


def _word_may_end(word: str, following: str, *, closed: str) -> bool:
    kind = _kind_of(word)
    if kind == "never":
        # "vs." is never final; "Fig. 1" neither, but a bracket closed after it ends what it belongs to.
        return bool(closed and closed[0] in ")]")
    if kind == "sometimes":
        if word.lower() == "no":
            return not following[0].isdigit()
        return bool(closed) or _STARTERS.match(following) is not None
    if kind == "initial":
        # "J. Smith" and "S. aureus" go on; "group B. The patients" and "vitamin D. We" stop.
        return _STARTERS.match(following) is not None and not re.match(r"A\b\.?", following)
    return True
