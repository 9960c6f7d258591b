"""DRUG: drugs, drug classes used as treatment, abbreviations of drugs, placebo.

Place in the flow: a finder of `components.py`. Pure text, no spaCy.

>>> text = "Oral prednisolone, an ACE inhibitor and plexumab were given; serum creatinine fell."
>>> [text[f.start : f.end] for f in find_drugs(text)]
['prednisolone', 'ACE inhibitor', 'plexumab']

Names and classes come from the lexicon (drugs, brands, classes) and, for drugs too new for any list, from the stems of
nonproprietary names. Code names ("AB-1234") count where an amount is given or somebody is treated with them. Known
misses: foods given as treatment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.evidence import Label
from pipeline.tag.found import Found
from pipeline.tag.lexical import terms_in
from pipeline.tag.outcome_words import STOP_LEFT
from pipeline.tag.overlap import keep_longest

# Stems of international nonproprietary names (WHO, "The use of stems in the selection of INN", 2018).
_STEM_WORDS = """
mab tinib ciclib rafenib zomib metinib prilat lapril opril upril tipril sartan olol dipine thiazide semide limus
bercept tacept nercept cicept sporine sporin nisolone nisone methasone etasone prazole floxacin cillin mycin
conazole navir tegravir ciclovir fovir gliptin gliflozin glitazone parin xaban gatran grel dronate fibrate setron
azepam oxetine platin taxel rubicin coxib poetin calcet calcitol glutide vastatin azosin thioprine phosphamide
phenolate ribine oquine renone copan vaptan sentan siban tocept steride bactam penem oxaban nidazole lukast triptan
terol tropium tigimod rolimod
"""
_STEMS = tuple(_STEM_WORDS.split())
_ENDINGS = frozenset(stem[-3:] for stem in _STEMS)
_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{6,}(?![A-Za-z0-9])")
_NO_DRUGS = frozenset(["cholesterol", "equine", "sterol", "phytosterol", "lanosterol", "ergosterol"])
_ACTION = re.compile(
    r"(?<![\w-])((?:receptor\s)?(?:inhibitor|antagonist|blocker|agonist)s?|receptor\s(?:blockade|antagonism))(?![\w-])",
    re.I,
)
_BEFORE_ACTION = re.compile(r"[\w/αβγδ-]+")
_GENERAL = frozenset(
    [
        "potent",
        "selective",
        "specific",
        "novel",
        "competitive",
        "oral",
        "strong",
        "receptor",
        "known",
        "drug",
        "irreversible",
        "generation",
        "second-generation",
    ]
)

# Code names of companies, "AB-1234", "ABC12345": letters and digits mean many things, so a use must be told too.
_CODE = re.compile(r"(?<![\w/.-])[A-Z]{2,4}[- ]?\d{3,6}(?![\w/.-]*\d)(?!\w)")
_GIVEN_AFTER = re.compile(
    r"\s*\(?\d+(?:\.\d+)?\s?(?:mg|g|[µμm]c?g)\b|-treated\b|\s+(?:monotherapy|versus placebo|or placebo|vs\.? placebo)"
)
_GIVEN_BEFORE = re.compile(
    r"(?:\b(?:inhibitor|antagonist|agonist|analogue|blocker|mg|(?:treated|treatment) with|receiv\w+|doses? of)"
    r"|placebo(?: or| and| versus)?)\s+$"
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


# "L-type calcium antagonist", "dihydropyridine CCB": the kind belongs to the name of the class.
_CALCIUM = re.compile(r"calcium|CCBs?\Z")
_KIND_BEFORE = re.compile(
    r"(?<![\w/-])(?:(?:[LTN](?:/[LTN])*|(?:non-?)?dihydropyridine)[- ]type|(?:non-?)?dihydropyridine)\s+\Z", re.I
)
# "antihypertensive effect", "vasodilator action": what a drug does, and "ACE-I gene": what a gene is called.
_QUALITY = re.compile(r"(?:anti\w+(?:ive|ic)|immuno\w+ive|vasodilator|diuretic|hypotensive)", re.I)
_OF_EFFECT = re.compile(
    r"\s+(?:(?:and|or)\s+[\w-]+\s+)?(?:effects?|actions?|efficacy|propert\w+|activity|potential|potency|"
    r"responses?)(?!\w)",
    re.I,
)
_OF_GENE = re.compile(r"\s+(?:[ID]{1,2}\s+)?(?:gene|genotyp\w+|allele|polymorphism)s?(?!\w)", re.I)
_IS_VERBAL = re.compile(r"(?:ly|ed|(?<!convert)ing)\Z")
_BRACKET = re.compile(r"\s\([A-Za-z0-9-]{2,10}\)\s\Z")


def find_drugs(text: str) -> list[Found]:
    """Drug mentions of a passage, without overlaps."""
    finds = list(_by_stem(text))
    finds += [Found(Label.DRUG, start, end, 0.97) for start, end, _ in terms_in(text, Label.DRUG)]
    trimmed = [span for one in finds if (span := _trimmed(text, one)) is not None]
    known = {position for one in trimmed for position in range(one.start, one.end)}
    trimmed += [one for one in _by_action(text) if known.isdisjoint(range(one.start, one.end))]
    trimmed += [one for one in _by_code(text) if known.isdisjoint(range(one.start, one.end))]
    return keep_longest(trimmed)


def _by_stem(text: str) -> Iterator[Found]:
    for match in _WORD.finditer(text):
        word = match.group().lower().removesuffix("s")
        if word[-3:] in _ENDINGS and word.endswith(_STEMS) and word not in _NO_DRUGS:
            yield Found(Label.DRUG, match.start(), match.end(), 0.8)


def _by_action(text: str) -> Iterator[Found]:
    """Classes by what they act on: "C5a receptor antagonist", "proteasome inhibitors"."""
    for match in _ACTION.finditer(text):
        start = match.start(1)
        bracket = _BRACKET.search(text, max(0, start - 14), start)  # "cyclooxygenase 2 (COX-2) inhibitors"
        if bracket and text[bracket.start() - 1 : bracket.start()].isalnum():
            start = bracket.start() + 1
        for word in reversed(list(_BEFORE_ACTION.finditer(text, max(0, start - 60), start))):
            between = text[word.end() : start]
            low = word.group().lower()
            if between != " " or low in STOP_LEFT or low in _GENERAL or _IS_VERBAL.search(low):
                break
            start = word.start()
        if text[start] == "(":
            start = match.start(1)
        if re.match(r"[A-Za-z]*\d+\s", text[start:]) and text[max(0, start - 1) : start] == ".":
            continue  # the end of a number: "EC 24.11 inhibitor"
        if re.search(r"[a-z]{3}|\d|[A-Z][a-z]", text[start : match.start(1)]):
            yield Found(Label.DRUG, start, match.end(1), 0.7)


def _by_code(text: str) -> Iterator[Found]:
    """Code names, all through a passage that somewhere gives an amount of them or treats with them."""
    codes: dict[str, bool] = {}
    for match in _CODE.finditer(text):
        given = _GIVEN_AFTER.match(text, match.end()) or _GIVEN_BEFORE.search(text[: match.start()][-40:])
        codes[match.group()] = codes.get(match.group(), False) or given is not None
    for match in _CODE.finditer(text) if any(codes.values()) else ():
        if codes[match.group()]:
            yield Found(Label.DRUG, match.start(), match.end(), 0.7)


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
    if _OF_GENE.match(text, end) or (_QUALITY.fullmatch(text, start, end) and _OF_EFFECT.match(text, end)):
        return None
    if _CALCIUM.match(text, start, end) and (kind := _KIND_BEFORE.search(text, max(0, start - 40), start)):
        start = kind.start()
    return Found(find.label, start, end, find.confidence)
