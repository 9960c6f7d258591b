"""Finds the terms of a lexicon in running text, fast: one Aho-Corasick automaton per label.

Place in the flow: called by the extractors of `tag` and to check a text against a user's vocabulary.

    >>> scan("Minimal-change disease was seen.", Label.HISTOLOGY)[0][:2]
    (0, 22)

Whole words only, leftmost longest, without overlap. Hyphens, blanks and line ends are alike, spelling may be British or
American, nouns may be plural. Abbreviations must stand as the lexicon writes them ("CAN" is not "can").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import cache

import ahocorasick

from pipeline.evidence import Concept, Label
from pipeline.link.drugs import packaged_drugs
from pipeline.link.lexicon import Lexicon, Term
from pipeline.link.normal import fold, fold_with_map, key, spellings
from pipeline.link.vocabularies import BUILT_FROM_LEXICONS, lexicon_with_user

Scanner = Callable[[str, str | None], list[tuple[int, int, Concept]]]


def scan(text: str, label: Label, context: str | None = None) -> list[tuple[int, int, Concept]]:
    """Terms of the label in the text as `(start, end, concept)`, in text order.

    `context` (default: the text itself) is what terms that need a neighbour ("borderline" needs a biopsy) look at;
    pass the whole document's text when passages are short.
    """
    return scanner(label)(text, context)


@cache
def scanner(label: Label) -> Scanner:
    """The scanner of a label, built at first use. For drugs, the packaged dictionary stands behind our lexicon."""
    lexicon = lexicon_with_user(label)
    return make_scanner(lexicon, packaged_drugs() if label is Label.DRUG else Lexicon())


def make_scanner(lexicon: Lexicon, behind: Lexicon | None = None) -> Scanner:
    """A scanner over one lexicon; terms of a big one `behind` it count as they stand, without variants."""
    index: dict[str, list[Term]] = defaultdict(list)
    for term in lexicon.entries:
        for spelling in dict.fromkeys(spellings(term.text)) if not term.link_only else ():
            index[spelling].append(term)
    known = {key(term.text): term.concept for term in lexicon.entries}
    for term in behind.entries if behind else ():
        # Names that our lexicon only links ("insulin") stay unscanned; brands of our drugs get our concept.
        folded = fold(term.text)
        if folded not in known:
            concept = known.get(fold(term.concept.name), term.concept)
            index.setdefault(folded, [Term(term.text, concept)])
    if not index:
        return lambda text, context: []
    automaton = ahocorasick.Automaton()
    for spelling, terms in index.items():
        automaton.add_word(spelling, (len(spelling), tuple(terms)))
    automaton.make_automaton()

    def scan_text(text: str, context: str | None) -> list[tuple[int, int, Concept]]:
        folded, offsets = fold_with_map(text)
        hits: list[tuple[int, int, Concept]] = []
        for last, (length, terms) in automaton.iter(folded):
            start, end = last + 1 - length, last + 1
            if not _is_whole(folded, start, end):
                continue
            low, high = (start, end) if offsets is None else (offsets[start], offsets[end - 1] + 1)
            term = next((t for t in terms if _fits(t, text[low:high], context or text)), None)
            if term is not None:
                hits.append((low, high, term.concept))
        return longest(hits)

    return scan_text


def _fits(term: Term, found: str, around: str) -> bool:
    if term.case and not _as_written(found, term.text):
        return False
    if not term.needs:
        return True
    lowered = around.lower()
    return any(word in lowered for word in term.needs)


def longest(hits: list[tuple[int, int, Concept]]) -> list[tuple[int, int, Concept]]:
    """Leftmost longest hits without overlap."""
    kept: list[tuple[int, int, Concept]] = []
    for hit in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
        if not kept or hit[0] >= kept[-1][1]:
            kept.append(hit)
    return kept


def _is_whole(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not ((before.isalnum() and text[start].isalnum()) or (after.isalnum() and text[end - 1].isalnum()))


def _as_written(found: str, term: str) -> bool:
    """Same letters in the same case; hyphens and blanks count as one, a plural "s" may follow."""
    if found in (term, term + "s"):
        return True
    squeezed, wanted = _squeeze(found), _squeeze(term)
    return squeezed in (wanted, wanted + "s")


def _squeeze(text: str) -> str:
    return "".join(c for c in text if c.isalnum() or c in "/+'")


BUILT_FROM_LEXICONS.append(scanner.cache_clear)
