"""DOSE: amounts with unit and schedule, and the drug levels aimed at.

Place in the flow: a finder of `components.py`; `relate` ties each dose to its drug. Pure text, no spaCy.

>>> [(d.dose.text, d.dose.unit) for d in find_doses("prednisolone 0.5 mg/kg/day, then 10mg on alternate days")]
[('0.5 mg/kg/day', 'mg/kg/d'), ('10mg on alternate days', 'mg')]

The span is the amount with its unit and the schedule that follows at once. Concentrations count only as targets of a
drug level (`is_target`); laboratory values do not count (`dose_context.py`). Known misses: counts of doses without an
amount ("two doses of rituximab"), amounts in words ("ten milligrams").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.evidence import Dose, Label
from pipeline.tag.dose_context import is_laboratory, is_level, is_target
from pipeline.tag.found import Found
from pipeline.tag.schedule_words import FOR_COURSE, SCHEDULE
from pipeline.units import Unit, parse_number, print_ucum, ucum_of

_SPACE = r"[\s\u00a0\u2009\u202f]"
# A blank may part the thousands ("10 000 IU"), unless the figure before it numbers something ("week 4 500 mg").
_NUMBERED = "".join(
    rf"(?<!{word}\s)" for word in ("week", "day", "month", "group", "case", "phase", "cycle", "step", "and")
)
# Read in one way only (atomic): a list of "100,101" would be tried in all combinations of one number and two.
_NUMBER = (
    rf"(?>\d{{1,3}}(?:[,\u2009\u202f]\d{{3}})+(?!\d)(?:[.·]\d+)?|{_NUMBERED}[1-9]\d{{0,2}}(?:\s\d{{3}})+(?!\d)|"
    r"\d+(?:[.,·]\d+)?|[.·]\d+)"
)
_COUNT = rf"(?:{_NUMBER}|one|two|three|four|half a|half)"
_MASS = (
    r"(?:milligrams?|milligrammes?|mgs?|micrograms?|microgrammes?|microg|mcg|[uµμ]g|nanograms?|ng|"
    r"grams?|grammes?|gms?|gr|g"
    r"|mmols?|[µμu]mols?|nmols?|m?Eqs?|M?IU|I\.U\.|UI|iu|MU|units?|U|m[lL]s?|cc)"
)
_FORM = (
    r"(?:tablets?|capsules?|pills?|drops?|gtt|puffs?|sachets?|ampoules?|vials?|sprays?|teaspoons?|tablespoons?|cloves?)"
)
_DENOMINATOR = (
    r"(?:(?:kg|kilograms?|kilos?)(?:(?:[- ]|\sof\s)?(?:body[- ]?(?:weight|mass)|b\.?w\.?))?"
    r"|m(?:2|²|\(2\)|\^2)(?:(?:[- ]|\sof\s)?(?:body[- ]?surface(?:[- ]area)?|bsa))?"
    r"|(?:square\s?met(?:er|re)s?|sqm)(?:\sof\sbody[- ]?surface(?:[- ]area)?|\sBSA)?"
    r"|24[\s-]?h(?:ours?|rs?)?|\d{1,2}\s?h(?:ours?|rs?)?|days?|d|hours?|hrs?|h|weeks?|wks?|months?|"
    r"mon?|minutes?|mins?|mn|"
    r"years?|yrs?|night|doses?|injection|infusion|cycle|eye|tablet|m[lL]|d[lL]|[lL]iter|litre|[lL]|mmol|m?g)"
)
_CHAIN = (
    rf"(?i:(?:{_SPACE}?/{_SPACE}*|{_SPACE}(?:per|a|each){_SPACE}+){_DENOMINATOR}(?!(?!x\d)[A-Za-z0-9²])(?:\(\d\))?)"
)
_POWERS = r"(?i:[\s.·]?(?:kg|m2|day|d|h|hr|week|min|mL|ml|L|dL)[\s]?(?:\([-−–]1\)|[-−–]1(?!\d)|⁻¹))"
_JOIN = rf"{_SPACE}?(?:-|–|—|−|~|to|and|or){_SPACE}?"
_WORD_JOIN = rf"(?:{_SPACE}?[-–—−~]{_SPACE}?|{_SPACE}(?:to|and|or){_SPACE})"
_PLUS_MINUS = rf"{_SPACE}?(?:±|\+/?[-−–]|\+-){_SPACE}?"
_GAP = rf"(?:{_SPACE}{{1,2}}|-{_SPACE}?)?"

_AMOUNT = re.compile(
    rf"""
    (?<![\w.·^])(?<!\d,)
    (?:(?P<times>\d{{1,2}}){_SPACE}?[x×]{_SPACE}?)?
    (?P<first>{_NUMBER})
    (?:
        {_PLUS_MINUS}(?P<sd>{_NUMBER})
      | (?P<list>(?:,{_SPACE}{_NUMBER})+,?{_SPACE}?(?:and|or)?{_SPACE})(?P<last>{_NUMBER})
      | (?:{_GAP}(?P<unit0>{_MASS})(?P<chain0>{_CHAIN}*))?{_WORD_JOIN}(?P<second>{_NUMBER})
    )?
    {_GAP}(?P<unit>{_MASS}(?![A-Za-z0-9µμ])|%)
    (?P<bound>{_SPACE}or{_SPACE}(?:less|more|lower|higher))?
    (?P<chain>{_CHAIN}+|{_POWERS}+)?
    """,
    re.X,
)
_FORMS = re.compile(rf"(?<![\w.])(?P<first>{_COUNT}){_GAP}(?P<unit>{_FORM})(?![\w])(?P<chain>{_CHAIN}+)?", re.I)
_ANY_FORM = re.compile(_FORM)
_TAIL = re.compile(
    rf"(?P<schedule>(?:,?{_SPACE}?(?:\((?:{SCHEDULE})\)|"
    rf"(?:{SCHEDULE})))(?:,?{_SPACE}(?:{SCHEDULE})){{0,2}})?(?P<course>{FOR_COURSE})?",
    re.I,
)
_TIMES_TAIL = re.compile(r"\s?[x×]\s?\d{1,2}(?![\w.])(?:\s(?:days|doses|weeks))?")
# A unit that goes on with something not understood ("ml/s", "ml x min(-1)") is another unit.
_UNREAD = re.compile(
    r"\s?/\s?[A-Za-z]{1,3}(?![A-Za-z])|\s?[x×·.]\s?(?:min|s|h|day|kg|m)(?![A-Za-z])|\s?(?:min|s)[-−–(]|\s?%"
)
# "2%" is a dose only of something applied: drops, creams, solutions.
_STRENGTH_AFTER = re.compile(
    r"\s(?:w/v\s)?(?:(?:topical|aqueous|ophthalmic|eye|nasal|oral|[a-z]+(?:olol|olamide|prost|onidine|caine))\s){0,2}"
    r"(?:solutions?|suspensions?|eye[- ]?drops?|drops|cream|gel|ointment|lotion|emulsion|ophthalmic|"
    r"[a-z]+(?:olol|olamide|prost|onidine|caine))\b",
    re.I,
)
_STRENGTH_BEFORE = re.compile(
    r"(?:[a-z]+(?:olol|olamide|prost|onidine|caine|sporine|limus|ylephrine)|solution|drops|cream|gel|ointment)\s\(?$",
    re.I,
)


def find_doses(text: str) -> list[Found]:
    """Doses and target levels of a passage, in text order, without overlaps."""
    found: list[Found] = []
    position = 0
    while (match := _AMOUNT.search(text, position)) is not None:
        new = list(_read_amount(text, match, found))
        found.extend(new)
        # On from the end of the schedule, which may hold numbers ("on day 1") that would begin another amount.
        position = max(match.end(), new[-1].end if new else 0)
    found.extend(one for one in _read_forms(text) if not any(o.start < one.end and one.start < o.end for o in found))
    return sorted(found, key=lambda one: one.start)


def _read_amount(text: str, match: re.Match[str], before: list[Found]) -> Iterator[Found]:
    unit = ucum_of(match["unit"], match["chain"])
    if unit is None or _UNREAD.match(text, match.end()):
        return
    end, schedule = _with_schedule(text, match)
    if unit.base == "%":
        behind_a_drug = _STRENGTH_BEFORE.search(text[max(0, match.start() - 30) : match.start()])
        if match["chain"] or not (
            _STRENGTH_AFTER.match(text, match.end()) or (behind_a_drug and not re.match(r"\d\d", match["first"]))
        ):
            return
    elif is_level(unit):
        if not is_target(text, match.start(), match.end(), before):
            return
        yield _found(text, match, match.end(), unit, target=True)
        return
    elif is_laboratory(text, match.start(), match.end(), unit) and not (schedule and unit.base == "mL"):
        return
    if match["unit0"] and match["second"] and _are_two(text, match):
        yield from _two_amounts(text, match, end)
        return
    yield _found(text, match, end, unit, schedule=schedule)


def _with_schedule(text: str, match: re.Match[str]) -> tuple[int, str | None]:
    """End of the dose with the schedule that follows at once, and the schedule as printed."""
    tail = _TAIL.match(text, match.end())
    if tail and tail["schedule"]:
        end = tail.end() if tail["course"] else tail.end("schedule")
        return end, text[match.end() : end].strip(" ,()")
    if tail and tail["course"] and (match["chain"] or "").rstrip().endswith(("week", "wk")):
        return tail.end("course"), tail["course"].strip()
    times = _TIMES_TAIL.match(text, match.end())
    if times:
        return times.end(), times.group().strip()
    return match.end(), None


def _are_two(text: str, match: re.Match[str]) -> bool:
    """Whether "A mg … B mg" names two doses (a change, a list) and not one range."""
    first = ucum_of(match["unit0"], match["chain0"])
    second = ucum_of(match["unit"], match["chain"])
    if first is None or second is None or first.base != second.base:
        return True
    before = text[max(0, match.start() - 12) : match.start()]
    join = text[match.end("chain0") if match["chain0"] else match.end("unit0") : match.start("second")].strip().lower()
    if re.search(r"\bfrom\s$", before, re.I) and join == "to":
        return True
    return join == "or" or (join == "and" and not re.search(r"\bbetween\s$", before, re.I))


def _two_amounts(text: str, match: re.Match[str], end: int) -> Iterator[Found]:
    """ "from 10 mg to 20 mg": a change, hence two doses."""
    for start, stop, number, unit_key, chain_key in (
        (
            match.start("first"),
            match.end("chain0") if match["chain0"] else match.end("unit0"),
            "first",
            "unit0",
            "chain0",
        ),
        (match.start("second"), end, "second", "unit", "chain"),
    ):
        unit = ucum_of(match[unit_key], match[chain_key])
        if unit is not None:
            dose = Dose(text[start:stop], value=parse_number(match[number]), unit=unit.text, per=unit.per)
            yield Found(Label.DOSE, start, stop, 0.9, dose=dose)


def _found(
    text: str, match: re.Match[str], end: int, unit: Unit, *, schedule: str | None = None, target: bool = False
) -> Found:
    first = parse_number(match["first"])
    second = parse_number(match["second"] or match["last"])
    low, high = (first, second) if second is not None else (None, None)
    value = first if second is None else None
    cap = re.search(
        r"(?:\bup to|\bmaximum(?: dose)?(?: of)?|\bmax\.?|≤|<|less than|not exceeding)\s?(?:a maximum of )?$",
        text[max(0, match.start() - 30) : match.start()],
        re.I,
    )
    if value is not None and (cap or "less" in (match["bound"] or "") or "lower" in (match["bound"] or "")):
        value, high = None, value
    if match["times"]:
        schedule = f"{match['times']} x" + (f", {schedule}" if schedule else "")
    dose = Dose(
        text=text[match.start() : end],
        value=value,
        low=low,
        high=high,
        sd=parse_number(match["sd"]),
        unit=unit.text,
        per=None if target else unit.per,
        frequency=schedule,
        is_target=target,
    )
    return Found(Label.DOSE, match.start(), end, 0.8 if target else 0.95, dose=dose)


def _read_forms(text: str) -> Iterator[Found]:
    if _ANY_FORM.search(text) is None:
        return
    for match in _FORMS.finditer(text):
        unit = ucum_of(match["unit"], match["chain"])
        if unit is None:
            continue
        end, schedule = _with_schedule(text, match)
        dose = Dose(
            text[match.start() : end],
            value=parse_number(match["first"]),
            unit=unit.text,
            per=unit.per,
            frequency=schedule,
        )
        yield Found(Label.DOSE, match.start(), end, 0.7, dose=dose)


def format_dose(dose: Dose) -> str:
    """Print the fields of a dose so that `find_doses` reads them again (the inverse of parsing)."""
    number = _print(dose.value)
    if dose.low is not None and dose.high is not None:
        number = f"{_print(dose.low)}-{_print(dose.high)}"
    elif dose.high is not None:
        number = f"up to {_print(dose.high)}"
    if dose.sd is not None:
        number += f" ± {_print(dose.sd)}"
    return f"{number} {print_ucum(dose.unit)}" + (f" {dose.frequency}" if dose.frequency else "")


def _print(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".")
