"""The words for people in a study, in one place for the rules of tagging and relating.

A rule adds what it alone may meet ("cases", "eyes", "those", "groups"): such words stand for other things as well.
"""

from __future__ import annotations

PEOPLE = (
    r"(?:patients|participants|subjects|children|recipients|adults|women|men|individuals|infants|adolescents|volunteers"
    r"|people|persons|boys|girls)\b"
)
"""Several of them."""

PERSONS = (
    r"(?:patients?|participants?|subjects?|child(?:ren)?|recipients?|adults?|wom[ae]n|m[ae]n|individuals?|infants?"
    r"|adolescents?|volunteers?|people|persons?|boys?|girls?)\b"
)
"""One or several."""
