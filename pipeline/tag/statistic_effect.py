"""Printed tests and effects: p-values, confidence intervals, hazard, odds and risk ratios, differences, group sizes.

Place in the flow: rules of `tag/statistic.py`, tried first because their numbers must not be read as results.
"""

from __future__ import annotations

import re

from pipeline.evidence import Statistic
from pipeline.tag.number import DIGITS, parse_number
from pipeline.tag.printed_unit import UNIT

_FLAGS = re.IGNORECASE
SIGNED = rf"[-−–]?\s?{DIGITS}"
TO = r"\s?(?:-{1,2}|–|—|‒|−|to|and|,|;|:|/|‐)\s?"
LEVEL = r"(?:\d{2}(?:\.\d)?\s?%\s?-?)"
CI_NAME = (
    rf"(?:{LEVEL}\s*)?(?:\bCIs?\b|\bC\.I\.|confidence (?:interval|limit)s?(?:\s?[\[(]\s?CI\s?[\])])?"
    rf"|credible intervals?|\bCrI\b)"
)
_MONEY = r"(?:(?:US|A|C)?[$€£¥]\s?)?"
CI_RANGE = (
    rf"[\[({{]?\s?{_MONEY}(?P<low>{SIGNED})\s?(?:{UNIT})?{TO}{_MONEY}(?P<high>{SIGNED})"
    rf"\s?(?:%|(?:{UNIT}))?\s?[\])}}]?"
)

_OPERATOR = (
    r"(?P<op><=|>=|=<|[=<>≤≥≦≧⩽⩾﹤﹥＜＞＝]|&lt;|&gt;|(?:(?:was|of|is)\s)?(?:less|lower|smaller|greater|more"
    r"|higher) than(?: or equal to)?"
    r"|equal(?:s| to)?|not (?:less|greater) than)"
)
P_VALUE = re.compile(
    rf"(?<![\w.-])p(?:[\s-]?values?)?(?:\s?(?:for|of)\s(?:trend|interaction|difference|noninferiority"
    rf"|non-inferiority|superiority))?"
    rf"(?:[-_ ](?:trend|interaction|int|log-?rank))?\s?(?:[:,]|was|is|were)?\s?(?:{_OPERATOR}|of)?\s*"
    rf"(?:(?P<value>{DIGITS}(?:\s?(?:×|x|\*)\s?10\s?\^?\(?[-−–]\s?(?P<exp>\d+)\)?|e[-−–]\d+)?(?![\d%]))"
    rf"|(?P<ns>n\.?\s?s\.?\b|not significant|non-?significant))",
    _FLAGS,
)
NOT_SIGNIFICANT = re.compile(
    r"(?<=[(,;\[])\s?(?P<ns>n\.?\s?s\.?|not (?:statistically )?significant|(?:statistically )?(?:non-?"
    r"|in)significant)(?=\s?[),;\]])",
    _FLAGS,
)

_DEFINES_NS = re.compile(r"\bn[a-z]+[\s-]s[a-z]+\s?\($", re.I)

_RATIO = (
    r"(?P<name>(?:adjusted |unadjusted |crude |pooled |relative |multivariable |cumulative )*"
    r"(?:hazards? ratios?|odds ratios?|relative risks?|risk ratios?|rate ratios?|incidence rate ratios?"
    r"|relative hazards?|(?:absolute )?risk (?:differences?|reductions?)|(?:weighted "
    r"|standardi[sz]ed )?mean differences?|treatment differences?"
    r"|(?:between-group |absolute |percentage |estimated |group )?differences?(?: of percentages?"
    r"| in (?:means?|proportions?))?"
    r"|correlation coefficients?|\ba?HRs?\b|\ba?ORs?\b|\ba?RRs?\b|\bIRR\b|\bRD\b|\bARR\b|\bRRR\b|\bW?MD\b"
    r"|\bSMD\b|\brho\b|\br\b|\bR\b|ρ|β))"
)
_SHORT = r"(?:\s?[(\[]\s?(?:a?HR|a?OR|RR|RD|MD|ARR|IRR)\s?[)\]])?"
_CI_BEFORE = rf"(?:\s?[(\[,;]?\s?{CI_NAME}\s?[)\]]?)"
EFFECT = re.compile(
    rf"(?<![\w/-]){_RATIO}{_SHORT}(?P<cib>{_CI_BEFORE})?\s?(?:was|is|were|of|=|:|,|for [a-z ]{{3,40}} (?:was"
    rf"|of)|(?:for|of|in)\s[^.;()=]{{3,160}}?\s(?:was|were|is))?\s?(?:=|:)?\s?"
    rf"(?P<open>[(\[])?\s?(?P<value>{SIGNED})(?![\d/]|\s?%\s?(?:CI|confidence|C\.I))\s?(?P<unit>{UNIT})?"
    rf"(?:\s?[,;:]?\s?[(\[]?\s?(?:(?P<cin>{CI_NAME})\s?(?:of|was|from|[:,;=])?\s?|(?(cib)(?=[(\[]?\s?\d"
    rf"|[(\[]?\s?[-−–]\d)|(?=[(\[])[(\[]?))"
    rf"{CI_RANGE})?",
    _FLAGS,
)
EFFECT_P_ONLY_LETTERS = {"r", "β", "ρ"}  # one-letter names need "=" to count as an effect

INTERVAL = re.compile(rf"{CI_NAME}\s?(?:of|was|from|for the difference|[:,;=])*\s?{CI_RANGE}", _FLAGS)
SIZE = re.compile(rf"(?<![\w])(?P<name>n)\s?(?:=|:)\s?(?P<value>{DIGITS})(?![\d.]*\s?[%/])", _FLAGS)

_MEASURES = (
    (re.compile(r"hazard|\ba?hr", _FLAGS), "hazard ratio"),
    (re.compile(r"odds|\ba?or", _FLAGS), "odds ratio"),
    (re.compile(r"difference|reduction|\brd\b|\bw?md\b|\bsmd\b|\barr\b", _FLAGS), "difference"),
    (re.compile(r"risk|rate|\brr|\birr", _FLAGS), "risk ratio"),
    (re.compile(r"correl|rho|ρ|^r$|β", _FLAGS), "correlation"),
)


def effect_measure(name: str) -> str | None:
    """The measure an effect's printed name stands for: "aOR" → "odds ratio"."""
    return next((measure for pattern, measure in _MEASURES if pattern.search(name.strip())), None)


def operator(text: str | None) -> str | None:
    """The sign of a printed operator: "less than" → "<", "≤" → "<="; "=" if it is missing."""
    if text is None:
        return "="
    low = text.lower()
    if "not less" in low or "or equal" in low:
        return ">=" if "great" in low or "more" in low or "not less" in low else "<="
    if any(sign in low for sign in ("<=", "=<", "≤", "≦", "⩽")):
        return "<="
    if any(sign in low for sign in (">=", "≥", "≧", "⩾")):
        return ">="
    if any(sign in low for sign in ("<", "&lt", "less", "lower", "smaller", "﹤", "＜")):
        return "<"
    if any(sign in low for sign in (">", "&gt", "greater", "more", "higher", "﹥", "＞")):
        return ">"
    return "="


def build_p(match: re.Match[str]) -> Statistic | None:
    """A p-value with its operator; "NS" has neither value nor operator. A bare "p 5" is no p-value."""
    if match["ns"]:
        return Statistic("p")
    text = match["value"]
    exponent = match["exp"]
    base = parse_number(re.split(r"\s?(?:×|x|\*)|e[-−–]", text, flags=_FLAGS)[0])
    scientific = re.search(r"e[-−–](\d+)", text, _FLAGS)
    power = int(exponent or (scientific[1] if scientific else 0))
    if base is None or power > 300:
        return None
    value = float(f"{base!r}e-{power}") if power else base
    if value > 1 or (match["op"] is None and "." not in text and "·" not in text):
        return None
    return Statistic("p", value=value, operator=operator(match["op"]))


def build_ns(match: re.Match[str]) -> Statistic | None:
    """ "(N.S.)" and its kin: a test that was not significant, without its value; not in "nephrotic syndrome (NS)"."""
    return None if _DEFINES_NS.search(match.string, max(0, match.start() - 40), match.start()) else Statistic("p")


def build_effect(match: re.Match[str]) -> Statistic | None:
    """A ratio, difference or correlation with its interval, if its name is a full one or is followed by a sign."""
    name, between = match["name"], match.string[match.end("name") : match.start("value")]
    if name.lower() in EFFECT_P_ONLY_LETTERS and "=" not in between:
        return None
    if name.lower() in ("difference", "differences") and not re.search(r"[=:(\[]|of|was|were|CI", between):
        return None
    if name.lower() == "or" and (name != "OR" or not re.search(r"[=:(\[,]|of|was|CI|^\s$", between)):
        return None
    value, low, high = (parse_number(match[key]) if match[key] else None for key in ("value", "low", "high"))
    if value is None:
        return None
    if low is not None and high is not None and low > high:
        low = high = None
    unit = match["unit"]
    return Statistic(
        "effect",
        value=value,
        low=low,
        high=high,
        spread="CI" if low is not None else None,
        unit=unit,
        effect_measure=effect_measure(name),
    )


def build_interval(match: re.Match[str]) -> Statistic | None:
    """A confidence interval that stands alone."""
    low, high = parse_number(match["low"]), parse_number(match["high"])
    if low is None or high is None or low > high:
        return None
    return Statistic("interval", low=low, high=high, spread="CI")


def build_size(match: re.Match[str]) -> Statistic | None:
    """A group's size, "n = 12"."""
    value = parse_number(match["value"])
    return Statistic("size", value=value) if value is not None and value == int(value) else None
