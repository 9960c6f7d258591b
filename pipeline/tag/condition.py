"""CONDITION: clinical diseases, syndromes and disease states that are not histology.

Place in the flow: a finder of `components.py`. Pure text, no spaCy.

>>> text = "Children with refractory steroid-dependent nephrotic syndrome and proteinuria"
>>> [text[f.start : f.end] for f in find_conditions(text)]
['steroid-dependent nephrotic syndrome']

The lexicon's terms, with the words that make a disease of its own ("steroid-resistant", "post-transplant") and without
those that only describe its course ("refractory"). Signs that are measured (proteinuria, oedema) and events of
a graft are outcomes, not conditions. Known misses: diseases that no lexicon and no model knows.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.evidence import Label
from pipeline.tag.found import Found
from pipeline.tag.lexical import terms_in
from pipeline.tag.overlap import keep_longest

_SIGN = re.compile(
    r"(?:(?:[\w-]+\s){0,3}(?:proteinuria|albuminuria|(?:o?edema|anasarca)|rejections?|graft (?:loss|"
    r"failure)|deaths?|cough|toxicity)|nephrotoxicity|hepatotoxicity|hypoalbumina?emia|hypercholesterola?emia|hypoproteina?emia|BPAR|infections?|"
    r"complications?|relapses?|remission|mortality|pain|fever|headaches?|nausea|vomiting|diarrho?ea|"
    r"fatigue|weight gain|"
    r"adverse (?:events?|effects?|reactions?)|side[- ]effects?)",
    re.I,
)
_COURSE = re.compile(
    r"(?:(?:refractory|severe|mild|moderate|recurrent|active|new(?![\s-]onset)|untreated|newly diagnosed|"
    r"biopsy[- ]proven|progressive|"
    r"suspected|established|advanced|pre-?existing|uncontrolled|symptomatic|difficult-to-treat|frequently relapsing|"
    r"relapsed|relapsing|persistent|overt|stable|known|concomitant|any|isolated)[\s-]+)+",
    re.I,
)
_BEFORE = re.compile(
    r"(?<![\w-])(?:(?:(?:cortico|glucocortico)?steroid|cyclosporine|ciclosporin|CsA|multidrug|frequently)[- ]"
    r"(?:resistant|dependent|sensitive|responsive|relapsing|unresponsive)|post-?\s?transplant(?:ation)?)\s+"
    r"(?:(?:primary|idiopathic|childhood)\s+)?$",
    re.I,
)
# Kinds of renal disease are diseases of their own: "chronic nondiabetic nephropathies".
_RENAL = re.compile(
    r"(?:(?:chronic|proteinuric|non-?diabetic)\s)*(?:nephropath(?:y|ies)|(?:renal|kidney|glomerular)\sdiseases?)",
    re.I,
)
_KIND = re.compile(
    r"(?<![\w-])(?:(?:chronic|primary|secondary|non-?diabetic|diabetic|proteinuric|hereditary|inherited)\s)+\Z", re.I
)
_CAUSED = re.compile(r"(?<![\w-])[A-Z]{3,}-associated\s+(?:renal\s+)?$")
_NEPHROTIC_STATE = re.compile(r"(?<![\w-])(?:steroid|corticosteroid)[- ](?:resistant|dependent|sensitive)\sNS(?![\w-])")


def find_conditions(text: str) -> list[Found]:
    """Condition mentions of a passage, without overlaps."""
    return list(_found(text))


@lru_cache(maxsize=256)
def _found(text: str) -> tuple[Found, ...]:
    """Asked for by three stages for the same text, hence remembered."""
    finds = [Found(Label.CONDITION, m.start(), m.end(), 0.88) for m in _NEPHROTIC_STATE.finditer(text)]
    for start, end, _ in terms_in(text, Label.CONDITION):
        span = trim_condition(text, start, end)
        if span is not None:
            finds.append(Found(Label.CONDITION, *span, 0.88))
    return tuple(keep_longest(finds))


def trim_condition(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span of a term without words of its course and with words that belong to its name; None for a sign."""
    if _SIGN.fullmatch(text[start:end].replace("\n", " ")):
        return None
    course = _COURSE.match(text, start, end)
    if course and course.end() < end:
        start = course.end()
    window = max(0, start - 60)
    kind = _KIND.search(text[window:start]) if _RENAL.fullmatch(text, start, end) else None
    if kind:
        start = window + kind.start()
    for pattern in (_BEFORE, _CAUSED):
        more = pattern.search(text[window:start])
        if more:
            start = window + more.start()
            break
    return start, end
