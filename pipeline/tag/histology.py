"""HISTOLOGY: microscopic diagnoses, patterns, lesions, classes.

Place in the flow: a finder of `components.py`.
"""

from __future__ import annotations

import re

from pipeline.evidence import Label
from pipeline.tag.found import Found
from pipeline.tag.lexical import terms_in
from pipeline.tag.overlap import keep_longest

_TERMS = re.compile(
    r"(?<![A-Za-z0-9])(?:minimal change (?:disease|nephropathy|glomerulopathy)|MCD|FSGS|"
    r"focal (?:and )?segmental glomerulosclerosis|"
    r"(?:idiopathic )?membranous nephropathy|(?:mesangial )?IgA nephropathy|"
    r"(?:membranoproliferative |mesangial proliferative |crescentic |membranous |proliferative )?glomerulonephritis|"
    r"tubular atrophy|interstitial fibrosis|proliferative lupus nephritis)(?![A-Za-z0-9])",
    re.I,
)


def find_histologies(text: str) -> list[Found]:
    """Histology mentions of a passage, without overlaps."""
    finds = [Found(Label.HISTOLOGY, m.start(), m.end(), 0.8) for m in _TERMS.finditer(text)]
    finds += [Found(Label.HISTOLOGY, start, end, 0.9) for start, end, _ in terms_in(text, Label.HISTOLOGY)]
    return keep_longest(finds)
