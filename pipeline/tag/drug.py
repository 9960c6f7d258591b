"""DRUG: drugs, drug classes used as treatment, abbreviations of drugs, placebo.

Place in the flow: a finder of `components.py`.
"""

from __future__ import annotations

import re

from pipeline.evidence import Label
from pipeline.tag.found import Found
from pipeline.tag.lexical import terms_in
from pipeline.tag.overlap import keep_longest

# Stems of international nonproprietary names (WHO, "The use of stems in the selection of INN", 2018).
_STEMS = (
    r"mabs?|nibs?|prilat|prils?|sartans?|olols?|dipines?|thiazides?|semide|limus|cept|(?:cy|ci|vo)closporine?|"
    r"closporin|pred(?:nis)?olone|"
    r"prednisone|methasone|prazoles?|floxacin|cillin|mycin|conazole|navir|tegravir|ciclovir|gliptins?|"
    r"gliflozins?|glitazones?|"
    r"parin|xaban|gatran|grel|dronate|dronic acid|fibrates?|setron|azepam|oxetine|platin|taxel|rubicin|coxib|"
    r"poetin|calcet|"
    r"calcitol|glutide|vastatins?|azosin|asone|thioprine|phosphamide|phenolate(?: mofetil| sodium)?|"
    r"phenolic acid|ribine|quine|terenone|renone|opan|copan|tacrolimus|vaptan"
)
_NAME = re.compile(rf"(?<![A-Za-z0-9])[A-Za-z]*(?:{_STEMS})(?![A-Za-z0-9])", re.I)
_CLASSES = re.compile(
    r"(?<![A-Za-z0-9])(?:placebo|(?:cortico|glucocortico)?steroids?|glucocorticoids?|corticosteroids?|"
    r"calcineurin inhibitors?|CNIs?|"
    r"(?:angiotensin[- ]converting enzyme|ACE) inhibitors?|angiotensin receptor blockers?|"
    r"(?:immunosuppress(?:ive|ant)|antihypertensive) (?:drugs?|medications?|agents?|therapy)|"
    r"immunosuppressants?|statins?|diuretics?)(?![A-Za-z0-9])",
    re.I,
)


def find_drugs(text: str) -> list[Found]:
    """Drug mentions of a passage, without overlaps."""
    finds = [Found(Label.DRUG, m.start(), m.end(), 0.8) for m in _NAME.finditer(text)]
    finds += [Found(Label.DRUG, m.start(), m.end(), 0.8) for m in _CLASSES.finditer(text)]
    finds += [Found(Label.DRUG, start, end, 0.9) for start, end, _ in terms_in(text, Label.DRUG)]
    return keep_longest(finds)
