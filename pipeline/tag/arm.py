"""Words that name a treatment group: ARM mentions such as "the tacrolimus group", "group II", "controls", "Case 1".

Place in the flow: a pure text tagger of `tag`. `relate/arms.py` decides which arms exist, `relate/arm_reference.py`
which of them a name points to. A bare drug name is a DRUG mention and no ARM
mention, although it may stand for a group.

    find_arms("more often in the rituximab group than in controls")  # "the rituximab group", "controls"
"""

from __future__ import annotations

import re

from pipeline.evidence import Label
from pipeline.tag.any_word import any_word
from pipeline.tag.found import Found
from pipeline.tag.people import PERSONS

_PEOPLE = rf"(?:{PERSONS}|those|ones|eyes|animals|rats|mice)"
_ORDINAL = r"(?:\d{1,2}|[IVX]{1,4}|[A-H])"
# Words that cannot be part of a group's name.
_STOP_WORDS = """
    the a an and or plus in of to for by on at from than between among were was is are be had has have that which
    who these those this within each either neither both all two three four five treatment other same into but while
    whereas showed compared versus vs vs. with patients children subjects parallel one first second third study's
    respectively another every no any as did such only across per when then also it if
"""
_STOP = any_word(_STOP_WORDS.split())
_WORD = rf"(?:(?!{_STOP}\b)[^\W_][\w.'’+/-]*(?:\s*\+\s*|[\s-]+(?:and|plus|or)\s+|\s+))"

_ARM = re.compile(
    rf"""
    (?P<label>\b(?:groups?|arms?|cohorts?|stratum|strata|regimens?|sequence)\s+(?-i:{_ORDINAL})\b(?:(?:\s*(?:,\s*and\s|,|and
        |or|to|&|-|–)\s*)(?:(?:group|arm)\s+)?(?-i:{_ORDINAL})\b)*)
  | (?P<case>\b(?:case|patient)s?\s+(?:(?:no|number)\.?\s*)?\d{{1,2}}\b(?!\s*(?:of|/|%|with|years|patients)))
  | (?P<all>\b(?:(?:in|for|between|among)\s+)?(?:both|either|neither|all
        |each)(?:\s+of)?(?:\s+the(?:se)?)?(?:\s+(?:two|three|four|five|study|treatment|patient))*\s+(?:groups?
        |arms?|regimens?|treatments?|therapies|drugs?|medications?|cohorts?)\b
        | \b(?:the\s+)?(?:two|three|four|2|3|4)\s+(?:study\s+|treatment\s+|patient\s+)*(?:groups|arms|regimens
        |treatments|cohorts)\b
        | \b(?:the|between|among)\s+(?:study\s+|treatment\s+|patient\s+)*(?:groups|arms)\b)
  | (?P<group>\b(?:the\s+)?{_WORD}{{1,5}}?(?:\([^()]{{1,25}}\)\s*)?(?:-?\s*treat(?:ment|ed)\s+)?(?:groups?|arms?
        |cohorts?)\b)
  | (?P<on>\b{_PEOPLE}\s+(?:(?:who\s+(?:were|had\s+been|are)\s+)?(?:treated|randomi[sz]ed|assigned|allocated
        |given)(?:\s+(?:to|with|to\s+receive|treatment\s+with))*|
        (?:who\s+)?(?:received?|receiving|taking|given|on|took))\s+(?P<what>[^.,;:()]{{2,60}}?)
        (?=\s*(?:[.,;:()]|\b(?:and|or|than|versus|vs|compared|were|was|had|have|has|did|in|at|who|showed|achieved
        |with|for|as|the|during|after|group|but|while|whereas|experienced|reported|developed|improved|relapsed|died
        |required|responded|\d)\b|$)))
  | (?P<treated>\b[^\W\d_][\w.+/-]*-(?:treated|based|receiving)\s+(?:{_PEOPLE}|group|arm|regimen)\b
        | \b(?:un)?treated\s+(?:{_PEOPLE}|groups?|controls?)\b)
  | (?P<joint>\b(?:the\s+)?(?:combined|combination|dual)\s+(?:drug\s+)?(?:therapy|treatment|regimen|administration)\b)
  | (?P<control>\b(?:the\s+|healthy\s+|untreated\s+|historical\s+)?controls\b(?!\s*(?:of|over|for))
        | \bcontrol\s+(?:patients|subjects|animals|eyes|rats|mice)\b
        | (?:(?<=\bwith\s)|(?<=\bthan\s))control(?=[\s,.;]*(?:\(|at\b|in\b|$))
        | (?<=[(,;]\s)control(?=\s*[:,=]?\s*\d))
  | (?P<refer>\bthe\s+(?:former|latter)\b(?:\s+(?:group|arm|drug|regimen))? | \bth(?:is|ese|at)\s+(?:group|arm
        |cohort|regimen|subgroup)\b)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NOT_ARM = re.compile(
    r"\b(?:age|ethnic|racial|study|working|collaborative|cooperative|research|support|blood"
    r"|methyl|patient|risk)\s+groups?$|upper arm",
    re.IGNORECASE,
)
# "between the rituximab group": the words in front of a name are not part of it.
_LEAD = re.compile(r"^(?:in|for|between|among|and|or|plus)\s+", re.IGNORECASE)


def find_arms(text: str) -> list[Found]:
    """Names of treatment groups in `text`, sorted, without overlaps."""
    found = []
    for match in _ARM.finditer(text):
        start = match.start() + (lead.end() if (lead := _LEAD.match(match.group())) else 0)
        end = match.end()
        while end > start and text[end - 1] in " ,-":
            end -= 1
        if start < end and not _NOT_ARM.search(text[start:end]):
            found.append(Found(Label.ARM, start, end))
    return found
