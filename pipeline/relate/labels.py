"""Numbers that are no findings by their place: names of arms, doses after a drug's name, parts of a spread.

Place in the flow: asked by `findings.py` for every number of a sentence.
"""

from __future__ import annotations

import re

from pipeline.evidence import Label, Mention
from pipeline.relate.view import SentenceView

# Inside a spread: "(95% CI, 19.2 to not reached)", "(SD, 1.3)", "5.2 ± 1.2 (2.6-9.1)".
_IN_SPREAD = re.compile(
    r"(?:\bCI|\bconfidence interval|\bIQR|\binterquartile range|\brange"
    r"|(?<!±\s)(?<!±)(?<!-\s)(?<!-)\b(?:SD|SE|SEM))\]?[\s,:;=]{1,3}\Z"
    r"|±\s?\d[\d.·]*\s?[(\[]\s?\Z"
)
_LABEL_AFTER = re.compile(
    r"^[\s-]?(?:mg\s)?(?:(?!in|for|of|from|with|per|the)[a-z]+\s)?(?:arm|group|regimen|dose)\b", re.IGNORECASE
)  # "the 20/40 arm"

_ONE_OF = re.compile(r"(?:one|1|either) of (?:the )?\w+", re.IGNORECASE)
_GROUPS_AFTER = re.compile(
    r"\s(?:\w+\s){0,2}?(?:arms|groups|treatments|regimens|sequences|cohorts|doses)\b", re.IGNORECASE
)


def is_label_or_spread(view: SentenceView, mention: Mention) -> bool:
    """Whether the number names an arm ("the 20/40 mg arm"), is a dose after a drug's name or stands in a spread."""
    statistic = mention.statistic
    if statistic is None or statistic.kind != "value":
        is_of_arm = _LABEL_AFTER.match(view.between(mention.end, view.end)) is not None
        if _ONE_OF.fullmatch(mention.text) and _GROUPS_AFTER.match(view.between(mention.end, view.end)):
            return True  # "randomized to one of the two treatment arms"
        return is_of_arm and re.fullmatch(r"\d+/\d+", mention.text) is not None
    return _IN_SPREAD.search(view.between(view.start, mention.start)) is not None or _is_dose_of_drug(view, mention)


def _is_dose_of_drug(view: SentenceView, mention: Mention) -> bool:
    """ "for A 0.6 mg and 2.6 mmol/l for A 1.2 mg": an amount directly after a drug's name."""
    if not re.fullmatch(r"[\d.,·]+\s?(?:mg|g|[µμ]g|mcg|IU|mg/d|mg/day|mg/kg)", mention.text):
        return False
    return any(drug.end < mention.start <= drug.end + 2 for drug in view.of(Label.DRUG))
