"""Numbers and units: from print to UCUM, and conversion between units (mass to amount of substance included).

Place in the flow: below `tag`, `link` and `relate`, knows none of them. pint is imported only when something is
converted.

>>> ucum_of("mg", "/kg/day").text
'mg/kg/d'
>>> round(convert(461, "mg/dL", "mmol/L", substance="cholesterol"), 1)
11.9
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

# Printed unit (lower case, full stops gone) -> UCUM. Source: UCUM 2.1; "U" and "[iU]" are distinct units there.
_BASE = {
    "mg": "mg", "mgs": "mg", "milligram": "mg", "milligrams": "mg", "milligramme": "mg", "milligrammes": "mg",
    "ug": "ug", "mcg": "ug", "microg": "ug", "microgram": "ug", "micrograms": "ug", "microgramme": "ug",
    "microgrammes": "ug", "ng": "ng", "nanogram": "ng", "nanograms": "ng", "pg": "pg",
    "g": "g", "gm": "g", "gms": "g", "gr": "g", "gram": "g", "grams": "g", "gramme": "g", "grammes": "g", "kg": "kg",
    "mmol": "mmol", "mmols": "mmol", "umol": "umol", "umols": "umol", "nmol": "nmol", "nmols": "nmol", "pmol": "pmol",
    "mol": "mol", "meq": "meq", "meqs": "meq", "eq": "eq", "iu": "[iU]", "ui": "[iU]", "miu": "m[iU]",
    "mu": "M[iU]", "u": "U", "unit": "U", "units": "U", "ml": "mL", "mls": "mL", "cc": "mL", "l": "L", "dl": "dL",
    "%": "%", "drop": "[drp]", "drops": "[drp]", "gtt": "[drp]", "tablet": "{tbl}", "tablets": "{tbl}",
    "pill": "{tbl}", "pills": "{tbl}", "capsule": "{cap}", "capsules": "{cap}", "puff": "{puff}", "puffs": "{puff}",
    "spray": "{spray}", "sprays": "{spray}", "sachet": "{sachet}", "sachets": "{sachet}", "ampoule": "{ampule}",
    "ampoules": "{ampule}", "vial": "{vial}", "vials": "{vial}", "teaspoon": "[tsp_us]", "teaspoons": "[tsp_us]",
    "tablespoon": "[tbs_us]", "tablespoons": "[tbs_us]", "clove": "{clove}", "cloves": "{clove}",
}  # fmt: skip
_DENOMINATORS = (
    (re.compile(r"^(?:kg|kilo)"), "kg"),
    (re.compile(r"^(?:m2|m²|m\(2\)|m\^2|square|sqm)"), "m2"),
    (re.compile(r"^24[\s-]?h"), "(24.h)"),
    (re.compile(r"^(\d{1,2})\s?h"), r"(\1.h)"),
    (re.compile(r"^(?:days?|d|night)$"), "d"),
    (re.compile(r"^(?:hours?|hrs?|h)$"), "h"),
    (re.compile(r"^(?:weeks?|wks?)$"), "wk"),
    (re.compile(r"^(?:months?|mon?)$"), "mo"),
    (re.compile(r"^(?:years?|yrs?)$"), "a"),
    (re.compile(r"^(?:minutes?|mins?|mn)$"), "min"),
    (re.compile(r"^doses?$"), "{dose}"),
    (re.compile(r"^(injection|infusion|cycle|eye|tablet)$"), r"{\1}"),
    (re.compile(r"^ml$"), "mL"),
    (re.compile(r"^dl$"), "dL"),
    (re.compile(r"^(?:l|liter|litre)$"), "L"),
    (re.compile(r"^(mmol|mg|g)$"), r"\1"),
)
_INTERVALS = frozenset({"d", "h", "wk", "mo", "a", "min"})
_CHAIN_PART = re.compile(r"(?:/|\b(?:per|a|each|every)\b)\s*(.+?)(?=\s*/|\s+(?:per|a|each|every)\s|$)", re.I | re.S)
_POWER_PART = re.compile(r"(kg|m2|day|d|hr|h|week|min|mL|ml|dL|L)\s?(?:\(?[-−–]1\)?|⁻¹)")

# g/mol. Source: PubChem compound summaries; albumin and immunoglobulins are left out (laboratories report mass).
MOLAR_MASS = {
    "creatinine": 113.12, "urea": 60.06, "bun": 28.01, "uric acid": 168.11, "cholesterol": 386.65,
    "ldl cholesterol": 386.65, "hdl cholesterol": 386.65, "total cholesterol": 386.65, "triglycerides": 885.4,
    "glucose": 180.16, "calcium": 40.08, "phosphate": 30.97, "phosphorus": 30.97, "magnesium": 24.305,
    "bilirubin": 584.66, "sodium": 22.99, "potassium": 39.10, "cyclosporine": 1202.6, "tacrolimus": 804.0,
    "sirolimus": 914.2, "everolimus": 958.2, "mycophenolic acid": 320.34, "prednisolone": 360.44, "cortisol": 362.46,
    "calcidiol": 400.64, "25-hydroxyvitamin d": 400.64, "homocysteine": 135.18, "iron": 55.845, "aldosterone": 360.44,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit in UCUM: `base` is its first part ("mg"), `per` its interval of time ("d") if it has one."""

    text: str
    base: str
    per: str | None = None


def parse_number(printed: str | None) -> float | None:
    """The value of a printed number: "1,500" is 1500, "0,5" and "1,25" are decimals, "·" is a decimal point.

    >>> [parse_number(n) for n in ("1,500", "0,5", "12,345.5", "2·5", ".5", "two", None)]
    [1500.0, 0.5, 12345.5, 2.5, 0.5, 2.0, None]
    """
    if not printed:
        return None
    words = {"one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "half": 0.5, "half a": 0.5}
    if printed.lower() in words:
        return words[printed.lower()]
    text = re.sub(r"[\s\u00a0\u2009\u202f]", "", printed).replace("·", ".")
    if re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", text):
        text = text.replace(",", "")
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def ucum_of(unit: str, chain: str | None = None) -> Unit | None:
    """Read a printed unit and what it is divided by ("/kg/day", " per square meter per week", " kg-1 day-1").

    Returns:
        None if a part is not known.
    """
    base = _BASE.get(unit.replace(".", "").replace("µ", "u").replace("μ", "u").lower())
    if base is None:
        return None
    if base == "M[iU]" and unit not in ("MU", "MIU"):
        return None
    if unit == "MIU":
        base = "M[iU]"
    parts = [base]
    per = None
    for printed in _chain_parts(chain or ""):
        part = _denominator(printed)
        if part is None:
            return None
        parts.append(part)
        if part in _INTERVALS or part.endswith(".h)"):
            per = part
    return Unit("/".join(parts), base, per)


def _chain_parts(chain: str) -> list[str]:
    powers = _POWER_PART.findall(chain)
    return powers or [match[1].strip() for match in _CHAIN_PART.finditer(chain)]


def _denominator(printed: str) -> str | None:
    text = printed.strip().lower()
    for pattern, ucum in _DENOMINATORS:
        match = pattern.match(text)
        if match:
            return match.expand(ucum)
    return None


_PRINTED = {"ug": "µg", "[iU]": "IU", "M[iU]": "MU", "[drp]": "drops", "{tbl}": "tablets", "{cap}": "capsules"}


def print_ucum(ucum: str | None) -> str:
    """A UCUM unit as papers print it: "mg/kg/d" -> "mg/kg/day"."""
    if ucum is None:
        return ""
    words = {"d": "day", "wk": "week", "mo": "month", "a": "year", "(24.h)": "24 h", "{dose}": "dose"}
    first, *rest = ucum.split("/")
    return "/".join([_PRINTED.get(first, first), *(words.get(part, part) for part in rest)])


@lru_cache(maxsize=1)
def _registry() -> Any:
    import pint

    registry: Any = pint.UnitRegistry()
    registry.define("international_unit = [biological_activity] = iU")
    registry.define("equivalent = mol = Eq")
    return registry


def _pint_name(ucum: str) -> str:
    text = ucum.replace("[iU]", "iU").replace("(24.h)", "day").replace("{dose}", "count")
    text = re.sub(r"\((\d+)\.h\)", r"(\1 * hour)", text).replace("m2", "meter**2")
    text = re.sub(r"\bd\b", "day", text)
    text = re.sub(r"\bwk\b", "week", text)
    text = re.sub(r"\bmo\b", "month", text)
    text = re.sub(r"\ba\b", "year", text)
    return re.sub(r"\bmeq\b", "mEq", text)


def convert(value: float, unit: str, to: str, *, substance: str | None = None) -> float | None:
    """Convert between UCUM units.

    Args:
        value: the amount in `unit`.
        unit: UCUM, e.g. "mg/dL".
        to: UCUM, e.g. "mmol/L".
        substance: an analyte or drug of `MOLAR_MASS`, needed between mass and amount of substance.

    Returns:
        None if the two units do not measure the same thing, or the molar mass is not known.
    """
    import pint

    registry = _registry()
    try:
        quantity = registry.Quantity(value, _pint_name(unit))
        goal = registry.Unit(_pint_name(to))
        if quantity.dimensionality == goal.dimensionality:
            return float(quantity.to(goal).magnitude)
        mass = MOLAR_MASS.get((substance or "").lower().removeprefix("serum ").removeprefix("plasma "))
        if mass is None:
            return None
        molar = mass * registry.Unit("g/mol")
        other = quantity / molar if "[mass]" in str(quantity.dimensionality) else quantity * molar
        return float(other.to(goal).magnitude) if other.dimensionality == goal.dimensionality else None
    except (pint.errors.PintError, AttributeError, ValueError):
        return None
