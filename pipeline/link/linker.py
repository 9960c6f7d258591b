"""Links a mention's string to a concept.

Place in the flow: `tag` finds spans (by rules, lexicons or a model); here each gets its preferred name and identifier.

The expansion of a document's abbreviation comes first, then the string as written, by its key (case, hyphens, blanks,
spelling), in the singular, and (by label) without salt, dose form, severity or measure words. Drugs fall back on the
packaged dictionary. A string that no vocabulary knows links to None: better than a wrong concept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from pipeline.evidence import Concept, Label
from pipeline.link.drugs import packaged_drugs, without_salt
from pipeline.link.lexicon import Lexicon, Term
from pipeline.link.normal import key, singular
from pipeline.link.vocabularies import BUILT_FROM_LEXICONS, lexicon_with_user


def _edge(before: str, after: str = "") -> re.Pattern[str]:
    """Words at either end of a name that do not change what it names; commas separate the alternatives."""
    first = "|".join(word.strip() for word in before.split(","))
    last = "|".join(word.strip() for word in after.split(","))
    return re.compile(rf"^(?:{first}) " + (rf"|(?: (?:{last}))$" if after else ""))


_DRUG_EDGE = _edge(
    "oral, intravenous, iv, subcutaneous, topical, pulse, high dose, low dose, standard dose, reduced dose, "
    "maintenance, generic, micronized, microemulsion, combined, daily, weekly, monthly, extended release, "
    "prolonged release, sustained release, slow release, immediate release, modified release, once daily, twice "
    "daily, recombinant, human, long acting, short acting, prophylactic, concomitant, adjunctive, conventional",
    "therapy, therapies, treatment, monotherapy, administration, pulses?, pulse therapy, tablets?, capsules?, "
    "injections?, infusions?, prophylaxis, regimens?, drugs?, medications?, agents?, microemulsion, er, xr, sr, "
    "xl, cr, mr, la, use, doses?, pills?",
)
_CLINICAL_EDGE = _edge(
    "severe, mild, moderate, acute, chronic, refractory, recurrent, relapsing, active, new, de novo, primary, "
    "secondary, idiopathic, biopsy proven, overt, persistent, generalized, generalised, advanced, early, late, "
    "adult, childhood, pediatric, diffuse, focal, slight, marked, incipient"
)
_OUTCOME_EDGE = _edge(
    r"mean, median, total, overall, average, annual, change in, changes in, reduction in, decrease in, increase "
    r"in, improvement in, decline in, rate of, rates of, incidence of, frequency of, risk of, level of, levels "
    r"of, number of, percentage of, proportion of, time to, prevalence of, occurrence of, development of, "
    r"baseline, final, cumulative, serum, plasma, blood, urinary, urine, annualized, annualised, severe, early, "
    r"late, persistent, progression to, elevations? of, worsening of, intensity of, degree of, \d+ years?, \d+ "
    r"months?, one year, 24 h, 24 hour",
    "rates?, levels?, values?, concentrations?, counts?, episodes?, events?, incidence, reduction, decline, "
    "changes?, measurements?, readings?",
)
_EDGES = {
    Label.DRUG: _DRUG_EDGE,
    Label.OUTCOME: _OUTCOME_EDGE,
    Label.CONDITION: _CLINICAL_EDGE,
    Label.HISTOLOGY: _CLINICAL_EDGE,
}
# Where a label's own lexicon is silent, these may know: an outcome is often a condition or a lesion.
_ALSO = {
    Label.OUTCOME: (Label.CONDITION, Label.HISTOLOGY),
    Label.CONDITION: (Label.HISTOLOGY,),
    Label.HISTOLOGY: (Label.CONDITION,),
}


class Linker:
    """Links strings to concepts, with a user's vocabulary in front when one is given."""

    def __init__(self, user_vocab: Lexicon | None = None) -> None:
        self._user = dict(_strings(user_vocab)) if user_vocab else {}

    def link(self, label: Label, text: str, abbreviations: Mapping[str, str] | None = None) -> Concept | None:
        """The concept that `text` names, None if no vocabulary knows it.

        `abbreviations` maps the document's short forms to their long forms; a document's own definition is tried before
        the lexicon's reading of the same letters.
        """
        text = " ".join(text.split())
        long_form = _expansion(text, abbreviations or {})
        if long_form is not None and (found := self._find(label, long_form)):
            return found
        return self._find(label, text)

    def exact(self, label: Label, text: str) -> Concept | None:
        """The concept that the label's own lexicon gives for exactly this string (or its key), None otherwise."""
        text = " ".join(text.split())
        table = strings(label)
        return self._user.get("=" + text) or table.get("=" + text) or (table.get(key(text)) if len(text) > 5 else None)

    def _find(self, label: Label, text: str) -> Concept | None:
        for known in (label, *_ALSO.get(label, ())):
            tables = (self._user, strings(known)) if known is label else (strings(known),)
            for candidate in _candidates(label, text):
                for table in tables:
                    if candidate in table:
                        return table[candidate]
        return self._packaged(text) if label is Label.DRUG else None

    def _packaged(self, text: str) -> Concept | None:
        table = _packaged_strings()
        for candidate in _candidates(Label.DRUG, text):
            found = table.get(candidate.removeprefix("="))
            if found is not None:
                # The dictionary's drug may be one of ours under another name: keep one concept for it.
                return strings(Label.DRUG).get(key(found.name), found)
        return None


def _expansion(text: str, abbreviations: Mapping[str, str]) -> str | None:
    """The long form of a string, or the string with its defined words expanded ("refractory NS")."""
    for candidate in (text, text[:-1] if text.endswith("s") else text):
        if candidate in abbreviations:
            return abbreviations[candidate]
    words = text.split()
    if len(words) < 2 or not any(word in abbreviations for word in words):
        return None
    return " ".join(abbreviations.get(word, word) for word in words)


def _candidates(label: Label, text: str) -> Iterator[str]:
    """Keys to try, most faithful first; "=" marks an exact, case-sensitive key."""
    yield "=" + text
    if text.endswith("s"):
        yield "=" + text[:-1]
    base = key(text)
    seen = dict.fromkeys((base, singular(base) or base))
    yield from seen
    if label is Label.DRUG and (bare := without_salt(base)):
        yield bare
    edge = _EDGES.get(label)
    while edge is not None and (shorter := edge.sub("", base)) != base and len(shorter) > 2:
        base = shorter
        yield base
        if (one := singular(base)) is not None:
            yield one
        if label is Label.DRUG and (bare := without_salt(base)):
            yield bare


@cache
def strings(label: Label) -> dict[str, Concept]:
    """Look-up table of a label's lexicon: keys, and "=" + the exact string for abbreviations."""
    return dict(_strings(lexicon_with_user(label)))


def _strings(lexicon: Lexicon) -> Iterator[tuple[str, Concept]]:
    table: dict[str, Concept] = {}
    for term in lexicon.entries:
        table.setdefault("=" + term.text, term.concept)
    # Case-insensitive keys of abbreviations come last: "Mn" may be membranous nephropathy only if nothing else fits.
    for term in sorted(lexicon.entries, key=_is_short):
        table.setdefault(key(term.text), term.concept)
        if (one := singular(key(term.text))) is not None:
            table.setdefault(one, term.concept)
    return iter(table.items())


def _is_short(term: Term) -> bool:
    return term.case


@cache
def _packaged_strings() -> dict[str, Concept]:
    return {key(term.text): term.concept for term in reversed(packaged_drugs().entries)}


BUILT_FROM_LEXICONS.append(strings.cache_clear)
