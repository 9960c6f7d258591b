"""CONDITION: clinical diseases, syndromes and disease states that are not histology.

Place in the flow: a finder of `components.py`.
"""

from __future__ import annotations

import re

from pipeline.evidence import Label
from pipeline.tag.found import Found
from pipeline.tag.lexical import terms_in
from pipeline.tag.overlap import keep_longest

_TERMS = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:steroid[- ](?:resistant|dependent|"
    r"sensitive) )?(?:idiopathic )?nephrotic syndromes?|hypertension|lupus nephritis|"
    r"systemic lupus erythematosus|diabetes(?: mellitus)?|end[- ]stage (?:renal|kidney) (?:disease|failure)|"
    r"chronic kidney disease|"
    r"ANCA-associated vasculitis|anemia|hyperlipidemia)(?![A-Za-z0-9])",
    re.I,
)


def find_conditions(text: str) -> list[Found]:
    """Condition mentions of a passage, without overlaps."""
    finds = [Found(Label.CONDITION, m.start(), m.end(), 0.8) for m in _TERMS.finditer(text)]
    finds += [Found(Label.CONDITION, start, end, 0.9) for start, end, _ in terms_in(text, Label.CONDITION)]
    return keep_longest(finds)
