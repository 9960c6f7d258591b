"""Which amounts are laboratory values and which concentrations are targets of a drug level.

Place in the flow: asked by `dose.py` about each amount. Decides on the unit first (mg/dL is never a dose, mg/kg always
is one), then on the words before it in the same sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.tag.found import Found
from pipeline.units import Unit

_LOOK_BACK = 160
_SENTENCE_BREAK = re.compile(r"[.;!?]\s+(?=[A-Z])|\n\s*\n")
_ANALYTE = re.compile(
    r"\b(?:proteinuria|protein(?:s|uria)?(?:[/\s-]\w+){0,2}\s(?:excretion|ratio|loss|intake|levels?)|"
    r"urin(?:e|ary)\s(?:total\s)?protein|"
    r"albuminuria|albumin|UPE|UPCR|UACR|UAE|(?:urin\w+|sodium|calcium|potassium|cortisol|"
    r"\w+)\sexcretion|creatinine|cr|urea|BUN|"
    r"uric acid|urate|cholesterol|LDL(?:-C)?|HDL(?:-C)?|triglycerides?|lipids?|glucose|glyc(?:a)?emia|"
    r"h(?:a)?emoglobin|calcium(?!\s(?:channel|carb|acet|gluc|chan))|"
    r"phosph(?:ate|orus)(?!\sbinder)|(?:sodium|potassium)(?!\s(?:bicarb|chlor|cit|iod))|i?PTH|"
    r"parathyroid hormone|CRP|C-reactive protein|ferritin|Ig[AGM]|complement|"
    r"bilirubin|HbA1c|fibrinogen|homocysteine|weigh(?:t|ed|ing)|mass index|LVMI|salt|protein diet|"
    r"dietary|diet|renin|aldosterone|"
    r"prolactin|cortisol|PSA|estradiol|testosterone|lactate|fluid|urine (?:output|volume)|blood loss|birth ?weight)\b",
    re.I,
)
_GIVEN = re.compile(
    r"\b(?:dos(?:e|es|ed|age|ages|ing)|receiv\w+|given|giving|treat\w+|administ\w+|infus\w+|bolus\w*|"
    r"pulse[sd]?|tablets?|oral(?:ly)?|"
    r"intravenous(?:ly)?|i\.?v\.?|subcutaneous(?:ly)?|inject\w+|taper\w*|titrat\w+|started|prescri\w+|"
    r"supplement\w*|took|taking|takes|"
    r"\w+(?:mab|nib|pril|prilat|sartan|olol|dipine|thiazide|semide|limus|cept|sporine?|sporin|solone|"
    r"sone|asone|azole|statin|gliptin|"
    r"gliflozin|glitazone|parin|xaban|thioprine|phosphamide|phenolate|mofetil|acid|ribine|quine|"
    r"steroids?|glutide|insulin|"
    r"calcitol|cillin|mycin|floxacin|pam|formin|carbonate|acetate|bicarbonate|chloride|citrate|gluconate|CsA|MMF))\b",
    re.I,
)
_GIVING = re.compile(
    r"\b(?:dos(?:e|es|ed|age|ages|ing)|receiv\w+|given|giving|treated|administ\w+|infus\w+|started)\b", re.I
)
# "2 mg perindopril", "1 g of methylprednisolone": the drug stands right behind its amount.
_DRUG_AFTER = re.compile(
    r"\s(?:of\s)?(?:oral\s|intravenous\s)?[A-Za-z]*(?:mab|nib|pril|prilat|sartan|olol|dipine|thiazide|"
    r"semide|limus|cept|sporine?|"
    r"solone|sone|statin|gliptin|gliflozin|glitazone|parin|xaban|thioprine|phosphamide|phenolate|"
    r"ribine|quine)(?![A-Za-z])",
    re.I,
)
_AIM = re.compile(
    r"\b(?:target(?:s|ed|ing)?|aim(?:s|ed|ing)?|goals?|desired|maintain(?:ed|ing)?|maintenance of|"
    r"keep(?:ing)?|kept|adjust(?:ed|ing)?|"
    r"titrat(?:ed|ing|e)|to (?:achieve|reach|obtain|attain)|therapeutic (?:range|window|level)|intended|recommended)\b",
    re.I,
)
_LEVEL_NOUN = re.compile(
    r"\b(?:troughs?|C0|C2|C-?min|12-h(?:our)? AUC)\b(?:\s(?:blood\s|plasma\s)?(?:levels?|"
    r"concentrations?))?(?:\s\([^)]{1,12}\))?"
    r"(?:\s(?:of|at|between|from|range|ranges?|ranging|in the range|to|within|was|were|around|"
    r"approximately|about|[A-Za-z]+)){0,4}"
    r"(?:\s?[:=,(]|\s)\s?(?:of\s|[≤≥<>~]\s?)?$",
    re.I,
)
_RESULT_VERB = re.compile(
    r"\b(?:was|were|decreas\w+|increas\w+|fell|rose|declin\w+|remained|mean|median|averag\w+|had|reduc\w+|improv\w+|"
    r"exceed\w+|measured|detected|observed|found)\b",
    re.I,
)
_SAME_AGAIN = re.compile(r"^\s?[(/=\[]\s?$|^\s?\((?:i\.e\.,?|or)\s?$")
# Denominators that only a measured concentration or ratio has.
_NEVER_DOSES = frozenset({"mg/dL", "g/dL", "ug/dL", "g/L", "mg/g", "g/g", "mg/mmol", "g/mmol", "U/L", "[iU]/L", "U/mL"})
_CONCENTRATION = re.compile(r"/(?:mL|L|dL)$")
_MOLAR = frozenset({"nmol", "umol"})


def is_level(unit: Unit) -> bool:
    """Whether an amount in this unit is a concentration, hence a dose mention only as the target of a drug level."""
    if unit.text in _NEVER_DOSES or unit.base in {"[iU]", "U", "m[iU]"}:
        return False
    return bool(_CONCENTRATION.search(unit.text)) or unit.base in _MOLAR


def is_target(text: str, start: int, end: int, before: Sequence[Found]) -> bool:
    """Whether the concentration `text[start:end]` is a level aimed at."""
    previous = before[-1] if before else None
    # "125 and 175 ng/mL (104–146 nmol/L)" prints the same target in a second unit.
    if previous and previous.dose and previous.dose.is_target and _SAME_AGAIN.match(text[previous.end : start]):
        return True
    clause = _clause_before(text, start)
    if (analyte := _last(_ANALYTE, clause)) is not None and analyte > len(clause) - 60:
        return False
    aim = _last(_AIM, clause)
    if aim is not None and aim > len(clause) - 80:
        return not re.search(r"\b(?:was|were|averaged)\b", clause[aim:]) or bool(_LEVEL_NOUN.search(clause[aim:]))
    return _LEVEL_NOUN.search(clause) is not None and _RESULT_VERB.search(clause[-60:]) is None


def is_laboratory(text: str, start: int, end: int, unit: Unit) -> bool:
    """Whether an amount is a measured value (proteinuria 20 g/24h) rather than something given."""
    if unit.text in _NEVER_DOSES or unit.text.endswith(("/g", "/mmol", "/mg", "/L", "/mL", "/dL")):
        return True
    clause = _clause_before(text, start)
    if unit.base == "mL" and "/kg" not in unit.text:
        # Volumes are mostly measured: urine, drainage, clearance.
        return "/min" in unit.text or _last(_GIVEN, clause) is None or _last(_ANALYTE, clause) is not None
    if unit.text.endswith("(24.h)") and "/kg" not in unit.text:
        return _last(_GIVING, clause[-40:]) is None  # an excretion, as a rule, even beside a drug's name
    if unit.text in {"ug/min", "ng/min"}:
        return not re.search(r"\binfus", clause[-80:], re.I)
    if unit.text == "ng" or (unit.base == "ng" and "/kg" not in unit.text):
        return True
    if _DRUG_AFTER.match(text, end):
        return False
    analyte, given = _last(_ANALYTE, clause), _last(_GIVEN, clause)
    if analyte is None:
        return _follows_as_measure(text, end)
    if given is not None and given > analyte:
        return False
    # Per kg or m2, or a bare small mass, is measured only right after the analyte ("protein intake of 0.8 g/kg/day").
    return len(clause) - analyte < (40 if ("/kg" in unit.text or "/m2" in unit.text) else _LOOK_BACK)


def _follows_as_measure(text: str, end: int) -> bool:
    """ "3.5 g/day of protein", "2 g/24 h proteinuria"."""
    return (
        re.match(
            r"\s(?:of\s)?(?:urinary\s)?(?:protein(?:uria)?|albuminuria|albumin excretion|sodium|salt)\b",
            text[end : end + 40],
        )
        is not None
    )


def _clause_before(text: str, start: int) -> str:
    window = text[max(0, start - _LOOK_BACK) : start]
    breaks = list(_SENTENCE_BREAK.finditer(window))
    return window[breaks[-1].end() :] if breaks else window


def _last(pattern: re.Pattern[str], text: str) -> int | None:
    last = None
    for match in pattern.finditer(text):
        last = match.start()
    return last
