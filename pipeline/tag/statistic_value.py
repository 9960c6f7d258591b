"""Printed measurements: a number with spread, range or unit, values joined by "from … to", censored values.

Place in the flow: rules of `tag/statistic.py`, tried after effects and proportions.
"""

from __future__ import annotations

import re

from pipeline.evidence import Statistic
from pipeline.tag.number import DECIMAL_COMMA, DIGITS, NUMBER_WORD, parse_number
from pipeline.tag.printed_unit import UNIT
from pipeline.tag.statistic_effect import CI_NAME, TO, operator

_FLAGS = re.IGNORECASE
PLUS_MINUS = r"(?:±|\+\s?/?\s?[-−–]|\+/−|&plusmn;|plus or minus|∓)"
_START = r"(?:(?<![\w.,/±^%-])(?<!\d[-–−])|(?<=\bfrom)(?=\d)|(?<=\bto)(?=\d)|(?<=\bvs)(?=\d))"
_NUMBER = rf"(?P<value>(?:(?<![\w)%\]])[-−–+]\s?)?(?:{DECIMAL_COMMA}(?=\s?{UNIT})|{DIGITS}))"
_PAIR_NUMBER = rf"[-−–]?\s?(?:{DECIMAL_COMMA}(?=\s?{UNIT})|{DIGITS})"
_SPREAD_NAME = (
    r"(?:interquartile range|inter-quartile range|IQRs?|IQ range|quartiles?|ranges?|range:"
    r"|min[-–]max|25th[-–]75th percentiles?)"
)
_RANGE = rf"(?P<low>{_PAIR_NUMBER})\s?(?:{UNIT})?{TO}(?P<high>{_PAIR_NUMBER})"
_SE_NAME = r"(?:s\.?e\.?m?\.?|standard error(?: of the mean)?)"
_SD_NAME = r"(?:s\.?d\.?|standard deviation)"

# Systolic and diastolic in one breath: "145 ± 12/92 ± 8 mm Hg", "145/92 mm Hg".
_AFTER_SLASH = rf"(?<=\d/)(?={DIGITS}\s?{PLUS_MINUS})"
_MMHG = r"mm\s?Hg"
SYSTOLIC = re.compile(rf"(?<![\w.,/-])(?P<value>\d{{2,3}}(?:\.\d+)?)(?=/\d{{2,3}}(?:\.\d+)?\s?{_MMHG})", _FLAGS)
DIASTOLIC = re.compile(rf"(?<=\d/)(?P<value>\d{{2,3}}(?:\.\d+)?)\s?(?P<unit>{_MMHG})", _FLAGS)

PLUS_MINUS_VALUE = re.compile(
    rf"(?:{_START}|{_AFTER_SLASH}){_NUMBER}\s?(?P<unit1>{UNIT})?\s?{PLUS_MINUS}\s?(?P<sd>{DIGITS})\s?(?P<unit>{UNIT})?"
    rf"(?:\s?[;,]?\s?[(\[]?\s?(?:(?P<ci>{CI_NAME})"
    rf"|(?P<iqr>{_SPREAD_NAME}))\s?[:,=]?\s?{_RANGE}\s?(?:{UNIT})?\s?[)\]]?)?",
    _FLAGS,
)
BRACKET_SPREAD = re.compile(
    rf"{_START}{_NUMBER}\s?(?P<unit1>{UNIT})?\s?[(\[]\s?(?:(?P<se>{_SE_NAME})"
    rf"|(?P<sdn>{_SD_NAME}))?\s?[:=,±]?\s?(?P<sd>{DIGITS})\s?[)\]](?:\s?(?P<unit>{UNIT}))?",
    _FLAGS,
)
COMMA_SPREAD = re.compile(
    rf"{_START}{_NUMBER}\s?(?P<unit1>{UNIT})?\s?[,;]?\s(?:(?P<se>{_SE_NAME})"
    rf"|(?P<sdn>{_SD_NAME}))\s?[:=,±]?\s?(?P<sd>{DIGITS})(?:\s?(?P<unit>{UNIT}))?",
    _FLAGS,
)
BRACKET_RANGE = re.compile(
    rf"{_START}{_NUMBER}\s?(?P<unit1>{UNIT})?\s?(?:[(\[]|[,;]\s?(?={CI_NAME}"
    rf"|{_SPREAD_NAME}))\s?(?:(?P<ci>{CI_NAME})|(?P<iqr>{_SPREAD_NAME}))?"
    rf"\s?(?:of|from|[:,;=])?\s?{_RANGE}\s?(?:{UNIT})?\s?[)\]]?(?:\s?(?P<unit>{UNIT}))?",
    _FLAGS,
)
SPREAD_ALONE = re.compile(
    rf"(?:\b(?P<iqr>{_SPREAD_NAME})|\brang(?:ed|es|ing)|\bbetween)\s?(?:(?:was|of|from|between|in age)\s"
    rf"|[:,=]\s?)?{_RANGE.replace('|to|and|,|;|:|/|', '|to|and|')}\s?(?P<unit>{UNIT})?",
    _FLAGS,
)
RANGE = re.compile(
    rf"{_START}(?<!from )(?<!from){_RANGE.replace('|to|and|,|;|:|/|', '|to|')}\s?(?P<unit>{UNIT})", _FLAGS
)
CENSORED = re.compile(
    rf"(?P<op><=|>=|=<|[<>≤≥]|\b(?:below|under|less than|lower than|above|over|more than|greater than"
    rf"|higher than|at least|at most|exceeding)\b)\s?"
    rf"(?P<value>{DECIMAL_COMMA}(?=\s?{UNIT})|{DIGITS})\s?(?P<unit>{UNIT})?",
    _FLAGS,
)
PLAIN = re.compile(rf"{_START}{_NUMBER}(?![\d]|\.\d)(?:\s?-?(?P<unit>{UNIT}))?", _FLAGS)
FOLD = re.compile(
    rf"\b(?P<value>{NUMBER_WORD}|{DIGITS})[\s-]?fold\b|\b(?P<word>doubled|tripled|halved|twofold|threefold"
    rf"|fourfold|fivefold|tenfold)\b",
    _FLAGS,
)
WORD_VALUE = re.compile(
    rf"\b(?P<value>{NUMBER_WORD})\b(?:[\s-](?P<unit>days?|weeks?|months?|years?|hours?|minutes?))?", _FLAGS
)

_LABELS = re.compile(
    r"(?:\b(?:phase|stage|grade|class|type|group|groups|weeks?|months?|days?|years?|cases?|tables?|tab\."
    r"|figures?|fig\.?|visit|visits|strat(?:um|a)|arms?|no\.?|number|stages"
    r"|biopsy|chapter|section|cohorts?|version|part|step|level|grades|appendix|supplementary|ref\.?"
    r"|references?|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|nct|isrctn|banff|panel|page|pp?\.|vol\.?|age|ages|aged|model"
    r"|score of|acr|pasi|easi|asas|schedule|protocol|study|trial|patient|subject)\s?)\Z",
    _FLAGS,
)
_FOLD_WORDS = {
    "doubled": 2.0,
    "tripled": 3.0,
    "halved": 0.5,
    "twofold": 2.0,
    "threefold": 3.0,
    "fourfold": 4.0,
    "fivefold": 5.0,
    "tenfold": 10.0,
}
_MEDIAN, _MEAN = re.compile(r"\bmedians?\b", _FLAGS), re.compile(r"\b(?:means?|averages?|averaged)\b", _FLAGS)
_SD_NEAR = re.compile(r"\b(?:SD|S\.D\.|standard deviations?)\b")
_NAMED_BRACKET = re.compile(rf"[(\[]\s?(?:(?P<se>{_SE_NAME})|{_SD_NAME})\s?[:=,±]?\s?{DIGITS}\s?[)\]]", _FLAGS)
_SEM_NEAR = re.compile(r"\b(?:SEM|S\.E\.M\.?|SE|S\.E\.|standard errors?)\b")


def after_label(match: re.Match[str]) -> bool:
    """Whether the number only names something: "week 48", "Table 2", "grade 3"."""
    return bool(_LABELS.search(match.string[max(0, match.start() - 16) : match.start()]))


def printed_measure(text: str, start: int) -> str | None:
    """ "mean" or "median" if the words before the number say so (90 characters, same piece), the nearer wins."""
    before = re.split(r"[;]|(?<=[a-z0-9)])\.\s", text[max(0, start - 90) : start])[-1]
    last = max(
        ((m.end(), name) for name, p in (("median", _MEDIAN), ("mean", _MEAN)) for m in p.finditer(before)),
        default=None,
    )
    return last[1] if last else None


def _is_standard_error(text: str, start: int) -> bool:
    """Whether "±" is a standard error: the text says so (before, or just after) and never speaks of an SD."""
    return bool(_SEM_NEAR.search(text[: start + 60])) and not _SD_NEAR.search(text)


def _limits(match: re.Match[str]) -> tuple[float | None, float | None]:
    groups = match.groupdict()
    low, high = (parse_number(groups[key]) if groups.get(key) else None for key in ("low", "high"))
    return (low, high) if low is not None and high is not None and low <= high else (None, None)


def _spread(match: re.Match[str]) -> str:
    groups = match.groupdict()
    if groups.get("ci"):
        return "CI"
    name = (groups.get("iqr") or "").lower()
    return "IQR" if re.search(r"iq|quart|percentile", name) else "range"


def build_plus_minus(match: re.Match[str]) -> Statistic | None:
    """ "12 ± 3 mg/dL", with its interval if one follows."""
    value, sd = parse_number(match["value"].lstrip("+ ")), parse_number(match["sd"])
    low, high = _limits(match)
    standard_error = _is_standard_error(match.string, match.start())
    measure = printed_measure(match.string, match.start()) or "mean"
    unit = match["unit"] or match["unit1"]
    return Statistic(
        "value", value=value, sd=None if standard_error else sd, se=sd if standard_error else None, low=low, high=high,
        spread=_spread(match) if low is not None else None, unit=unit, measure=measure,
    )  # fmt: skip


def build_bracket(match: re.Match[str]) -> Statistic | None:
    """ "12 (SD 3)", "0.26 [SE 0.05] mL": unnamed, it is an SD only beside a mean."""
    value, sd = parse_number(match["value"]), parse_number(match["sd"])
    measure = printed_measure(match.string, match.start())
    named = _NAMED_BRACKET.search(match.string, max(0, match.start() - 120), match.start())
    unnamed = match["se"] is None and match["sdn"] is None
    if after_label(match) or (unnamed and named is None and (measure != "mean" or sd == 0)):
        return None
    standard_error = bool(match["se"] or (unnamed and named and named["se"])) or (
        unnamed and _is_standard_error(match.string, match.start())
    )
    unit = match["unit"] or match["unit1"]
    return Statistic(
        "value",
        value=value,
        sd=None if standard_error else sd,
        se=sd if standard_error else None,
        unit=unit,
        measure=measure or "mean",
    )


def build_bracket_range(match: re.Match[str]) -> Statistic | None:
    """ "48 (3-131) µg/min", "12.2 (range 1-61)", "38 [IQR 24 to 51]"."""
    low, high = _limits(match)
    if low is None or high is None or after_label(match):
        return None
    value = parse_number(match["value"])
    spread, measure = _spread(match), printed_measure(match.string, match.start())
    if value is None or (match["ci"] is None and match["iqr"] is None and not low <= value <= high):
        return None
    return Statistic(
        "value", value=value, low=low, high=high, spread=spread, unit=match["unit"] or match["unit1"], measure=measure
    )


def build_range(match: re.Match[str]) -> Statistic | None:
    """ "between 2.2 and 3.3 g/dl": a range without a centre."""
    low, high = _limits(match)
    if low is None:
        return None
    return Statistic("value", low=low, high=high, spread=_spread(match), unit=match["unit"])


def build_censored(match: re.Match[str]) -> Statistic | None:
    """ "below 1.0 mg/dL": a bound, not a value."""
    value, sign = parse_number(match["value"]), match["op"].lower()
    if sign in ("below", "under", "lower than", "exceeding", "above", "over"):
        sign = "<" if sign in ("below", "under", "lower than") else ">"
    elif sign in ("at least", "at most"):
        sign = ">=" if sign == "at least" else "<="
    code = operator(sign)
    upper = code in ("<", "<=")
    return Statistic(
        "value", low=None if upper else value, high=value if upper else None, operator=code, unit=match["unit"]
    )


def build_pressure(match: re.Match[str]) -> Statistic | None:
    """One half of a blood pressure: "145/92 mm Hg"; a limit ("< 130/80 mm Hg") is none."""
    if re.search(
        r"(?:[<>≤≥=]|\b(?:than|to|below|above|under|over|least|target of|goal of))\s?(?:\d+/)?\Z", _lead(match)
    ):
        from_to = re.search(
            r"\bfrom\b[^.;]{0,60}\bto\s(?:\d+/)?\Z", match.string[max(0, match.start() - 80) : match.start()]
        )
        if from_to is None:
            return None
    unit = match.groupdict().get("unit") or "mmHg"
    return Statistic(
        "value", value=parse_number(match["value"]), unit=unit, measure=printed_measure(match.string, match.start())
    )


def _lead(match: re.Match[str]) -> str:
    return match.string[max(0, match.start() - 20) : match.start()]


def build_plain(match: re.Match[str]) -> Statistic | None:
    """A bare number, with its unit if one is printed; years and labels ("week 48") are none."""
    text = match["value"]
    value = parse_number(text)
    if value is None or after_label(match):
        return None
    if match["unit"] is None and re.fullmatch(r"(?:19|20)\d\d", text):
        return None
    return Statistic("value", value=value, unit=match["unit"], measure=printed_measure(match.string, match.start()))


def build_fold(match: re.Match[str]) -> Statistic | None:
    """ "threefold", "2.5-fold": a change as a ratio."""
    value = _FOLD_WORDS.get((match["word"] or "").lower()) if match["word"] else parse_number(match["value"])
    return Statistic("value", value=value, unit="fold", measure="change")


def build_word(match: re.Match[str]) -> Statistic | None:
    """A number in words without a noun that we know: "in three", "IgM in one"."""
    before = match.string[max(0, match.start() - 8) : match.start()].lower()
    if (
        match["unit"] is None
        and not re.search(r"\b(?:in|and|or|,|only|another|other|the|were|was|by|of|while)\s\Z", before)
        and match.start() > 1
    ):
        return None
    return Statistic("value", value=parse_number(match["value"]), unit=match["unit"])
