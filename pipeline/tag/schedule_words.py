"""How schedules are printed: regular expressions that the dose grammar (and other taggers) can build on.

Place in the flow: patterns only. `SCHEDULE` matches one phrase such as "twice daily", "every 3-4 days",
"on alternate days", "b.i.d.", "in two divided doses", "on days 1 and 15".
"""

from __future__ import annotations

_N = r"(?:\d{1,2}|one|two|three|four|five|six|eight|twelve)"
_SPAN = rf"{_N}(?:\s?(?:-|–|to|or)\s?{_N})?"
_UNIT = r"(?:days?|nights?|weeks?|wks?|months?|hours?|hrs?|h)"
_PERIOD = r"(?:daily|weekly|monthly|yearly|nightly|a[- ]day|a[- ]week|a[- ]month)"
_EACH = r"(?:(?:a|per|each|every|/)\s?(?:day|week|wk|month|year)|/\s?d)"

SCHEDULE = "|".join(
    (
        rf"(?:once|twice|thrice|{_SPAN}\s?(?:times|x|×))[\s-]?(?:{_PERIOD}|{_EACH}|in a day)(?!\w)",
        r"(?:once|twice)\s?/\s?(?:day|week)(?!\w)",
        rf"(?:at\s)?(?:every|each)\s(?:other|second|third|alternate|{_SPAN})[\s-]?{_UNIT}(?!\w)",
        r"every\s(?:day|night|morning|evening|week|month)(?!\w)",
        r"(?:on\s)?alternat(?:e|ive|ing)[\s-]days?(?!\w)",
        r"(?:once\s|twice\s)?(?:daily|weekly|monthly|biweekly|fortnightly|nightly|yearly)(?!\w)(?!\sdos(?:e|ing))",
        r"(?:b\.?i\.?d|t\.?i\.?d|q\.?i\.?d|b\.?d|o\.?d|q\.?d|t\.?d\.?s|q\.?o\.?d|q\.?h\.?s|t\.?i\.?w|"
        r"b\.?i\.?w|q\.?w)(?![\w])\.?",
        r"q\s?\d{1,2}\s?h(?:ours?|rs?|ourly)?(?!\w)",
        r"\d{1,2}[\s-]hourly(?!\w)",
        rf"(?:divided\s)?in(?:to)?\s(?:{_SPAN}\s)?(?:equally\s|equal\s)?(?:divided\s)?doses(?!\w)",
        r"at\s(?:bedtime|night)(?!\w)",
        r"on\sdays?\s\d{1,3}(?:(?:,\s?|\s?-\s?|\s?–\s?|,?\s(?:and|to)\s)\d{1,3})*(?!\w|\.\d|\s?(?:m?g|mcg|m[lL]|IU|%))",
    )
)
# "weekly for 4 doses" counts the doses of a course; a longer stretch is a duration, not a part of the dose.
FOR_COURSE = (
    r"\s(?:for|x|×)\s(?:a total of\s)?(?:[1-8]|one|two|three|four|five|six|"
    r"eight)\s(?:consecutive\s)?(?:doses|weeks|infusions)(?!\w)"
)
