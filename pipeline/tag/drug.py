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


# Words of giving at the edges of a lexicon term, and regimens named by their aim alone.
_LEAD = re.compile(
    r"(?:(?:intravenous|oral|i\.?v\.?|pulsed?|high[- ]dose|low[- ]dose|subcutaneous|topical|systemic)\s+(?!immun))+",
    re.I,
)
_TRAIL = re.compile(
    r"(?:\s+(?:therapy|therapies|treatments?|pulses?|regimens?|infusions?|injections?|monotherapy))+$", re.I
)
_ADJECTIVE = re.compile(
    r"(?:immunosuppressive|immunomodulatory|antihypertensive|antiproteinuric|diuretic|anti\w+)$", re.I
)
_REGIMEN = re.compile(r"(?:immuno(?:suppressive|modulatory))\s+(?:therap|treatment|regimen|strateg|protocol)", re.I)
_MEASURED = re.compile(r"\s+(?:deficien|insufficien|levels?\b|status\b|concentrations?\b|stores?\b)", re.I)
_NUTRIENT = re.compile(r"(?:vitamin\s\w+|iron|folate|calcium|zinc|magnesium|potassium|sodium)", re.I)


def find_drugs(text: str) -> list[Found]:
    """Drug mentions of a passage, without overlaps."""
    finds = [Found(Label.DRUG, m.start(), m.end(), 0.8) for m in _NAME.finditer(text)]
    finds += [Found(Label.DRUG, m.start(), m.end(), 0.8) for m in _CLASSES.finditer(text)]
    finds += [Found(Label.DRUG, start, end, 0.9) for start, end, _ in terms_in(text, Label.DRUG)]
    trimmed = [span for one in finds if (span := _trimmed(text, one)) is not None]
    return keep_longest(trimmed)


def _trimmed(text: str, find: Found) -> Found | None:
    """The find without words of giving; None for a regimen without a drug, or a nutrient that is measured."""
    start, end = find.start, find.end
    lead = _LEAD.match(text, start, end)
    if lead and lead.end() < end:
        start = lead.end()
    if _REGIMEN.match(text, start, end):
        return None
    trail = _TRAIL.search(text[start:end])
    if trail and not _ADJECTIVE.search(text[start : start + trail.start()]):
        end = start + trail.start()
    if _NUTRIENT.fullmatch(text, start, end) and _MEASURED.match(text, end):
        return None
    return Found(find.label, start, end, find.confidence)
