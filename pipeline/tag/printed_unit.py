"""Units as papers print them, for values that are measured (doses have their own grammar in `tag/dose.py`).

Place in the flow: used by `tag/statistic.py`. Gives one regular expression; the unit's UCUM form comes later.
"""

from __future__ import annotations

import re

# Longest first, so that "mmol" wins over "mm" and "min" over "m".
_ATOMS = sorted(
    [
        r"kilograms?",
        r"kg",
        r"grams?",
        r"gm",
        r"gr",
        r"g",
        r"milligrams?",
        r"mg",
        r"micrograms?",
        r"microg",
        r"mcg",
        r"[µμu]g",
        r"ng",
        r"pg",
        r"fmol",
        r"pmol",
        r"nmol",
        r"micromol",
        r"[µμu]mol",
        r"mmol",
        r"mol",
        r"m?Eq",
        r"m?eq",
        r"mosm",
        r"mOsm",
        r"m?IU",
        r"m?UI",
        r"[µμu]U",
        r"kU",
        r"U",
        r"units?",
        r"rbc",
        r"litres?",
        r"liters?",
        r"dL",
        r"dl",
        r"mL",
        r"ml",
        r"cc",
        r"ml\(-1\)",
        r"[µμu][Ll]",
        r"microl",
        r"fL",
        r"fl",
        r"L",
        r"l",
        r"cm",
        r"mm",
        r"m2",
        r"m²",
        r"m\(2\)",
        r"m\^2",
        r"km",
        r"m",
        r"mm\s?Hg",
        r"mm\s?hg",
        r"cmH2O",
        r"kPa",
        r"Pa",
        r"bpm",
        r"beats",
        r"kcal",
        r"kJ",
        r"Gy",
        r"W",
        r"cells?",
        r"copies",
        r"log10?",
        r"points?",
        r"times",
        r"episodes?",
        r"cycles?",
        r"drops?",
        r"glomeruli",
        r"person-years?",
        r"patient-years?",
        r"patient-months?",
        r"[Ff]old",
        r"seconds?",
        r"sec",
        r"minutes?",
        r"min",
        r"hours?",
        r"hrs?",
        r"h",
        r"days?",
        r"d",
        r"weeks?",
        r"wks?",
        r"months?",
        r"mo",
        r"years?",
        r"yrs?",
        r"y",
        r"yo",
        r"24\s?h(?:ours?|rs?)?",
        r"24-h(?:our)?",
    ],
    key=len,
    reverse=True,
)
_ATOM = "(?:" + "|".join(_ATOMS) + ")"
_JOIN = r"(?:\s?/\s?|\s(?:per|a|x|×|·)\s|\s?[·×]\s?|[.·]|-(?=1\b))"
_SCALE = r"(?:1\.73\s?|100\s?|1000\s?|1,000\s?|24\s?|10\s?\^?\(?\d+\)?\s?|\d+\s?)"
_TAIL = (
    r"(?:\s(?:of\s)?body[\s-]surface[\s-]area|\son alternate days|\sper (?:day|week|month|year)|\sdaily"
    r"|\s(?:kg|m2)\(-1\))"
)
_POWER = rf"(?:\s{_ATOM}[-−–]\d(?!\d))"  # "ng ml−1 h−1"
_EXPONENT = r"(?:\]?\(-[12]\))?"  # "ml x min(-1) x [1.73 m](-2)"
_PER = rf"(?:\s{_ATOM}\(-1\))"  # "ml min(-1)"
_WORDS = r"(?:log\s)?"

UNIT = (
    rf"(?:m?g\s?%|%|‰|percent(?:age points?)?|per\s?cent|(?:×|x)\s?10\s?[\^(]?\d+\)?\s?/\s?[Lμµ]l?"
    rf"|10\s?[\^(]\d+\)?\s?/\s?[Lμµ]l?"
    rf"|{_WORDS}{_ATOM}(?![A-Za-z0-9]){_EXPONENT}(?:(?:{_JOIN}\[?{_SCALE}?(?:{_ATOM}|s)(?![A-Za-z0-9])|{_PER}){_EXPONENT})*"
    rf"(?:[-−–]1(?!\d))?{_POWER}*{_TAIL}*)"
)
"""One printed unit, simple or compound: "mg/dL", "ml per minute per 1.73 m(2) of body-surface area", "%"."""

_TIME = re.compile(r"(?:seconds?|sec|min(?:utes?)?|h|hrs?|hours?|days?|d|weeks?|wks?|months?|mo|years?|yrs?|y|yo)\Z")


def is_time(unit: str | None) -> bool:
    """Whether the unit is a plain span of time, which may date a value rather than be one."""
    return bool(unit and _TIME.match(unit))


def is_percent(unit: str | None) -> bool:
    """Whether the unit says per cent, in signs or words."""
    return bool(unit and (unit == "%" or unit.startswith(("percent", "per cent", "percent"))) and "point" not in unit)
