"""The text of one table cell with its headers → the numbers it prints, and what kind of numbers they are.

Place in the flow: shared by the results that `relate` takes from tables and by `evidence ico`. Knows nothing of arms or
outcomes. The same cell "12 (3)" is a count with a percentage, a mean with an SD or a median, as its headers say; where
they do not say, `kind` stays "unclear" or "count or mean".

    >>> parse_cell("12 (40%)").kind
    'share'
    >>> parse_cell("4.1 (0.6)", "Score, mean (SD)").sd
    0.6
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

NUMBER = r"[-−–]?\s?(?:\d{1,3}(?:[,\u2009\u202f\u00a0 ]\d{3})+(?:\.\d+)?|\d*[.·]\d+|\d+)"
_TO = r"(?:to|[-–—−,;]|–)"
_MARKS = re.compile(r"(?<=\d)[*†‡§#¶]+|[*†‡§#¶,;]+$")
_LETTER_MARKS = re.compile(r"(?<=[\d)%])\s*[a-e](?:,\s?[a-e])*$")

_PLUS_MINUS = re.compile(rf"({NUMBER})\s*%?\s*(?:±|\+/[-−]|\+\s?/\s?−|\u00b1)\s*({NUMBER})\s*%?")
_OF = re.compile(rf"({NUMBER})\s*(?:/|of|out of)\s*({NUMBER})\s*(?:[(\[,;]?\s*({NUMBER})\s*%?\s*[)\]]?)?$")
_PERCENT_OF = re.compile(rf"({NUMBER})\s*%?\s*[(\[]\s*(\d+)\s*/\s*(\d+)\s*[)\]]$")
_INTERVAL = re.compile(rf"({NUMBER})\s*%?\s*[,;]?\s*[(\[]\s*({NUMBER})\s*%?\s*{_TO}\s*({NUMBER})\s*%?\s*[)\]]")
_BRACKET = re.compile(rf"({NUMBER})\s*(%?)\s*[(\[]\s*(?:±\s*)?({NUMBER})\s*(%?)\s*[)\]]$")
_PLAIN = re.compile(rf"({NUMBER})\s*(%)?$")
_INTERVAL_BEHIND = re.compile(
    rf"^(\d+\s*[(\[]\s*{NUMBER}\s*%\s*[)\]])\s*[(\[]\s*{NUMBER}\s*%?\s*{_TO}\s*{NUMBER}\s*%?\s*[)\]]$"
)
_ALONE = re.compile(rf"[(\[]\s*({NUMBER})\s*(%?)\s*[)\]]$")
_RANGE = re.compile(rf"[(\[]?\s*({NUMBER})\s*(?:to|[-–—−])\s*({NUMBER})\s*[)\]]?$")
_ZERO = re.compile(r"(?:none|nil)$", re.IGNORECASE)
_DECIMALS = re.compile(r"\d+(?:[.·](\d+))?")
_DUAL = re.compile(rf"({NUMBER}\s*(?:±|\+/[-−])\s*{NUMBER})\s*[(\[]\s*({NUMBER}\s*(?:±|\+/[-−])\s*{NUMBER})\s*[)\]]$")

_HINTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("median", re.compile(r"\bmedians?\b|\biqr\b|interquartile|\bq1\b|(?<!-)\brange\b(?! of motion)", re.IGNORECASE)),
    ("se", re.compile(r"\bs\.?e\.?m?\.?(?!\w)|standard error|std\.? err", re.IGNORECASE)),
    ("sd", re.compile(r"\bs\.?d\.?s?\b|standard deviation|std\.? dev|±", re.IGNORECASE)),
    ("ci", re.compile(r"\bci\b|confidence", re.IGNORECASE)),
    ("mean", re.compile(r"\bmeans?\b|\baverage|\bM \(", re.IGNORECASE)),
    (
        "share",
        re.compile(
            r"\b(?:no|n|number|count|freq\w*|events?|patients|cases)\b\.?\s*(?:of\s+\w+\s*)*[,(\[/]?\s*(?:%|per ?cent)"
            r"|%\s*\(\s*n\s*\)",
            re.IGNORECASE,
        ),
    ),
    ("percent", re.compile(r"%|per ?cent|proportion|\brates?\b", re.IGNORECASE)),
    ("count", re.compile(r"^\s*(?:n|no\.?|number)\s*$|^\s*n\b|\bnumber of\b|\bno\. of\b", re.IGNORECASE)),
)
_MEAN_AND_N = re.compile(r"\bmean\b[^()]{0,30}\(\s*n\s*\)", re.IGNORECASE)  # "mean score (n)": the bracket is a size
_STRONG = {"median", "se", "sd", "ci", "share"}


@dataclass(frozen=True, slots=True)
class CellValue:
    """What one cell prints.

    `kind`: "mean" (with a spread), "share" (count with total or percentage), "percent", "count" (a whole number that
    may also be a value), "value", "median", "interval", "unclear" (two numbers whose meaning no header tells),
    "count or mean" (a whole number with one in brackets), "spread" (a number in brackets alone), "zero".
    `mean` holds the central value of every kind but "share" and "percent". `second` is the other value of a cell
    that prints two groups, "13.5 ± 1.8 (5.5 ± 2.4)".
    """

    text: str
    kind: str
    mean: float | None = None
    sd: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    spread: str | None = None  # of low/high: CI | IQR | range
    events: float | None = None
    total: float | None = None
    percent: float | None = None
    second: CellValue | None = None

    @property
    def is_median(self) -> bool:
        """Whether the central value is a median, not a mean."""
        return self.kind == "median"


def to_number(text: str | None) -> float | None:
    """The number that `text` prints, None if it is none. Thousands may stand apart; signs may be dashes."""
    if text is None:
        return None
    plain = text.replace("−", "-").replace("–", "-").replace("·", ".").replace(",", "")
    plain = re.sub(r"[\s\u2009\u202f\u00a0]", "", plain)
    try:
        return float(plain)
    except ValueError:
        return None


@lru_cache(maxsize=16384)
def hints(headers: str) -> frozenset[str]:
    """Which statistics the words of headers announce: median, se, sd, ci, mean, share, percent, count."""
    return frozenset(name for name, pattern in _HINTS if pattern.search(headers))


def parse_cell(text: str, headers: str = "", context: str = "") -> CellValue | None:
    """The value of a cell, None if it prints no number.

    Args:
        headers: the innermost column and row headers; they outweigh `context`.
        context: all headers, the caption and the footnotes.
    """
    plain = _LETTER_MARKS.sub("", _MARKS.sub("", text.strip().replace("\u00a0", " ")))
    plain = _INTERVAL_BEHIND.sub(r"\1", plain)
    if _MEAN_AND_N.search(headers) and (match := _BRACKET.match(plain)):
        return CellValue(text, "mean", mean=to_number(match[1]))
    near = hints(headers)
    told = near if near & _STRONG else near | hints(context)
    for parse in (_dual, _plus_minus, _of_total, _interval, _bracket, _plain_number, _alone, _range):
        value = parse(plain, told, near)
        if value is not None:
            return replace(value, text=text)
    return CellValue(text, "zero", events=0.0) if _ZERO.match(plain) else None


def _is_whole(text: str, value: float | None) -> bool:
    return value is not None and value == int(value) and "." not in text and "·" not in text and value >= 0


def _dual(text: str, told: frozenset[str], near: frozenset[str]) -> CellValue | None:
    match = _DUAL.match(text)
    if not match:
        return None
    first, second = _plus_minus(match[1], told, near), _plus_minus(match[2], told, near)
    return replace(first, second=second) if first and second else None


def _plus_minus(text: str, told: frozenset[str], near: frozenset[str]) -> CellValue | None:
    match = _PLUS_MINUS.match(text)
    if not match:
        return None
    mean, spread = to_number(match[1]), to_number(match[2])
    if "se" in told and not ("sd" in told and _names_sd(near)):
        return CellValue(text, "mean", mean=mean, se=spread)
    return CellValue(text, "mean", mean=mean, sd=spread)


def _names_sd(near: frozenset[str]) -> bool:
    return "sd" in near and "se" not in near


def _of_total(text: str, told: frozenset[str], near: frozenset[str]) -> CellValue | None:
    match = _OF.match(text)
    order = (1, 2, 3)
    if not match:
        match, order = _PERCENT_OF.match(text), (2, 3, 1)
    if not match:
        return None
    events, total, percent = (to_number(match[group]) for group in order)
    printed = match[order[0]], match[order[1]]
    if events is None or not total or events > total or not all(map(_is_whole, printed, (events, total))):
        return None
    if "mean" in near or (percent is not None and abs(100 * events / total - percent) > 1.1):
        return None
    return CellValue(text, "share", events=events, total=total, percent=percent)


def _interval(text: str, told: frozenset[str], near: frozenset[str]) -> CellValue | None:
    match = _INTERVAL.match(text)
    if not match:
        return None
    value, low, high = (to_number(match[i]) for i in (1, 2, 3))
    if low is not None and high is not None and high < 0 <= low:
        high = -high  # the dash between the bounds, read as a sign
    if "ci" in told and not ("median" in near and "ci" not in near):
        kind = "median" if "median" in near else "mean"
        return CellValue(text, kind, mean=value, low=low, high=high, spread="CI")
    spread = "IQR" if "median" in told else None
    if "mean" in near and "median" not in near:
        return CellValue(text, "mean", mean=value, low=low, high=high)
    return CellValue(text, "median" if "median" in told else "interval", mean=value, low=low, high=high, spread=spread)


def _bracket(text: str, told: frozenset[str], near: frozenset[str]) -> CellValue | None:
    match = _BRACKET.match(text)
    if not match:
        return None
    first, second = to_number(match[1]), to_number(match[3])
    if first is None or second is None:
        return None
    whole = _is_whole(match[1], first)
    if match[2]:
        if "sd" in near and "share" not in near:
            return CellValue(text, "mean", mean=first, sd=second)
        if _is_whole(match[3], second):
            return CellValue(text, "share", percent=first, events=second)
        return CellValue(text, "percent", percent=first)
    if whole and (match[4] or ("share" in told and not near & {"sd", "se", "median", "mean"})):
        return CellValue(text, "share", events=first, percent=second) if second <= 100 else None
    if whole and second <= 100 and "percent" in near and not near & {"sd", "se", "median", "mean"}:
        return CellValue(text, "share", events=first, percent=second)
    if "median" in told and not near & {"sd", "mean"} and ("median" in near or "sd" not in told):
        return CellValue(text, "median", mean=first)  # "mean (SD) or median (IQR)": one number in brackets is an SD
    if "se" in told and not _names_sd(near):
        return CellValue(text, "mean", mean=first, se=second)
    if near & {"sd", "mean"} or (told & {"sd", "mean"} and not (whole and "share" in told)):
        return CellValue(text, "mean", mean=first, sd=second)
    if whole and 0 <= second <= 100:
        return CellValue(text, "count or mean", mean=first, events=first, percent=second)
    return CellValue(text, "unclear", mean=first, sd=second)


def _plain_number(text: str, told: frozenset[str], near: frozenset[str]) -> CellValue | None:
    match = _PLAIN.match(text)
    value = to_number(match[1]) if match else None
    if match is None or value is None:
        return None
    if match[2] and re.search(r"\d\s\d", match[1]) and value > 100:
        return None  # "20 372 100%": two numbers in one cell, and no telling where the first one ends
    if match[2] or ("percent" in near and "mean" not in near and "count" not in near and "." in match[1]):
        return CellValue(text, "percent", mean=value, percent=value)
    if "median" in near and "mean" not in near:
        return CellValue(text, "median", mean=value)
    if _is_whole(match[1], value):
        return CellValue(text, "count", mean=value, events=value)
    return CellValue(text, "value", mean=value)


def _alone(text: str, told: frozenset[str], near: frozenset[str]) -> CellValue | None:
    match = _ALONE.match(text)
    if not match:
        return None
    value = to_number(match[1])
    return CellValue(text, "spread", sd=value, percent=value)


def _range(text: str, told: frozenset[str], near: frozenset[str]) -> CellValue | None:
    match = _RANGE.match(text)
    if not match:
        return None
    low, high = to_number(match[1]), to_number(match[2])
    if low is not None and high is not None and high < 0 <= low:
        high = -high
    return CellValue(text, "interval", low=low, high=high, spread="CI" if "ci" in near else None)


def is_share_of(events: float | None, total: float | None, percent: float | None, printed: str) -> bool:
    """Whether `events` of `total` can be the printed share: no more events than people, and the percentage, if there is
    one, is theirs when rounded or cut to its printed digits.

    >>> [is_share_of(29, n, 25.0, "29 (25.0%)") for n in (116, 117)]
    [True, False]
    """
    if events is None or not total or events > total:
        return False
    if percent is None:
        return True
    digits = [len(match[1] or "") for match in _DECIMALS.finditer(printed) if _same(match[0], percent)]
    step = 10.0 ** -(max(digits) if digits else 1)
    over = 100 * events / total - percent
    return -0.5 * step - 1e-9 <= over < step - 1e-9


def _same(printed: str, value: float) -> bool:
    number = to_number(printed)
    return number is not None and abs(number - value) < 1e-9


def implied_count(percent: float | None, total: float | None, printed: str) -> float | None:
    """The only whole number of `total` that rounds to the percentage as printed; None if none or several do.

    >>> implied_count(42.9, 28, "42.9%")
    12.0
    """
    if percent is None or not total or not 0 <= percent <= 100 or total != int(total):
        return None
    match = re.search(r"[.·](\d+)", printed)
    digits = len(match[1]) if match else 0
    half = 0.5 * 10.0**-digits + 1e-9
    near = round(percent * total / 100)
    found = [k for k in range(max(0, near - 2), near + 3) if k <= total and abs(100 * k / total - percent) <= half]
    return float(found[0]) if len(found) == 1 else None
