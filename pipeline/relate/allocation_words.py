"""The words that join treatments, set them against each other, and give the sizes of their sides.

Place in the flow: data of `allocation.py`.
"""

from __future__ import annotations

import re

from pipeline.relate.numbers import COUNT
from pipeline.tag.people import PEOPLE

UNTREATED = re.compile(
    r"\b(?:no (?:additional |further |specific |active |such )?(?:treatment|therapy|drug|prophylaxis|medication"
    r"|intervention)|untreated(?: controls?)?|observation alone|"
    r"(?:supportive|conservative) (?:treatment|therapy|care|management)(?: alone)?|(?:usual|standard|routine) (?:care"
    r"|therapy|treatment)(?: alone)?|"
    r"conventional (?:\w+ )?(?:treatment|therapy)(?: alone)?|(?:diet\w*|lifestyle|exercise|counsell?ing"
    r"|ha?emodialysis|dialysis|surgery|radiotherapy|observation)(?: \w+){0,2} alone)\b",
    re.IGNORECASE,
)
# A list of what was entered into a model allots nothing.
FACTORS = re.compile(
    r"\b(?:regression|covaria\w+|predictors?|risk factors?|(?:factors|variables) (?:considered|included|associated"
    r"|analy[sz]ed|tested|examined)|adjust(?:ed|ing|ment) for)\b",
    re.IGNORECASE,
)
SPLIT = re.compile(
    r"\b(?:or|versus|vs\.?|v|than|against"
    r"|(?:while|whereas)(?! (?:us|tak|receiv|on\b|continu|taper|stopping|maintain))|compared?(?:d| (?:with|to)))\b"
    r"|\bwith those\b"
    r"|\band (?:the )?(?:other|remaining|second|third)\b|;",
    re.IGNORECASE,
)
OR_WEEKS = re.compile(
    r"\b(?:either\s)?(?:\w+\s)(?:(?:weeks?|months?|days?|years?)\s)?or\s\w+\s(?:weeks?|months?|days?|years?)\b",
    re.IGNORECASE,
)
NEW_SUBJECT = re.compile(
    rf"\b(?:and|,)\s+(?:the\s+)?(?:in\s+{COUNT}\s+(?:out )?of\s+{COUNT}\b"
    rf"|(?:{COUNT})(?:\s+(?:{PEOPLE}|others|to|received|were|with|in|on|eyes|cases))"
    rf"|(?:[\w.+/-]+\s+){{0,4}}(?:groups?|arms?|{PEOPLE})\s+(?:were|was|received|had|took|\w+ly)|those\b"
    r"|in\s+(?:the\s+)?(?:\w+\s+)?group)",
    re.IGNORECASE,
)
JOIN = re.compile(
    r"^[\s,]*(?:(?:and|plus|with|in|combination|combined|together|along|followed|by|then|added|to|on|top|of"
    r"|addition|concomitant|concomitantly|concurrent|"
    r"as|well|background|ongoing|stable|standard|standard-dose|reduced|reduced-dose|low-dose|high-dose|low|high"
    r"|dose|doses|full|either|oral|intravenous|iv|i\.v\.|a|an|the|"
    r"daily|weekly|monthly|two|three|pulses?|treatment|therapy|regimen|maintenance|maintained|infusions?|both|early"
    r"|rapid|tapering|tapered|"
    r"intravenously|orally|subcutaneous|same|consisting|including|dosing|monotherapy|agents?|for|until|per|day|week"
    r"|months?|weeks?|"
    r"enteric-coated|extended-release|once|twice|were|was|were|given|also|all|received|patients|background"
    r"|existing|at|of|per"
    r"|alone|single|\+|/|&|-|,|\d[\d.–-]*|mg|mg/day|g/day|mg/d|mg/kg/day)[\s,]*)*$",
    re.IGNORECASE,
)
# Between a drug of the patients' history and a drug of the trial: "… on metformin alone were randomised to …".
HISTORY = re.compile(
    r"\b(?:randomi[sz]ed|randomly|assigned|allocated) |\bwith or without\b|\b(?:alone"
    r"|monotherapy) or (?:in combination |on |with )",
    re.IGNORECASE,
)
# "A alone, A plus B": what is given alone is a side of its own.
ALONE = re.compile(r"^[\s,(]*(?:alone|only|monotherapy)\b[^.;]{0,30}?(?:,|\bor\b|\band\b)", re.IGNORECASE)
BARE_AND = re.compile(
    r"^[\s,]*(?:and|,|/|-)?[\s,]*(?:(?:the|oral|intravenous|daily|weekly"
    r"|with)\s*)*$",
    re.IGNORECASE,
)
# "A, a kind of B, or C": what stands between the members of a list, and before its last one.
LIST_COMMA = re.compile(r"^\s*,\s*(?:(?:an?|the|oral)\s+)?$", re.IGNORECASE)
LIST_END = re.compile(r"^\s*,?\s*(or|and)\s+(?:(?:an?|the|oral)\s+)?$", re.IGNORECASE)
COMPARES = re.compile(
    r"\b(?:compar(?:e|ed|es|ing|ison|isons)(?: (?:of|between|the))?|between|difference\w*|(?:two|three|2"
    r"|3) (?:\w+ )?(?:groups|arms|regimens)|randomi[sz]ed to|head-to-head|whether)\b",
    re.IGNORECASE,
)
TOGETHER = re.compile(
    r"\b(?:combin\w+|together|both|concomitant\w*|added|adding|plus|followed by|coadminist\w+"
    r"|co-administ\w+|consisting)\b",
    re.IGNORECASE,
)
# "(i) A plus B, (ii) C": each item of an enumeration is a side.
ITEM = re.compile(r"[,;]\s*(?:or\s|and\s)?[(\[]?(?:i{1,3}|iv|vi?|[1-6]|[a-e])[)\]]\s", re.IGNORECASE)
SIZE_AFTER = re.compile(
    rf"^[^;]{{0,90}}?[(\[][^()]*?\bn\s*=\s*(?P<n>\d[\d,]*)"
    rf"|^[^()]{{0,40}}(?:\([^()]*\)\s*)?\(\s*(?P<m>{COUNT})\s+(?:\w+\s+){{0,2}}?(?:{PEOPLE}|eyes|cases)"
    rf"|^[,:]?\s+n\s*=\s*(?P<k>\d[\d,]*)"
    rf"|^\s+(?:was|were)\s+(?:given|administered)\s+(?:to|in)\s+(?P<j>{COUNT})\s+(?:\w+\s+)?(?:{PEOPLE}|eyes)"
    rf"|^[^()]{{0,60}}[;,]\s*n\s*=\s*(?P<i>\d[\d,]*)\s*\)",
    re.IGNORECASE,
)
SIZE_BEFORE = re.compile(
    rf"(?:^|[\s(])(?:n\s*=\s*(?P<k>\d+)[);,\s]+"
    rf"|(?<!type )(?<!Type )(?<!phase )(?<!\d: )(?<!\d:)(?P<n>{COUNT})\s+(?:(?!compared"
    rf"|versus|mg|weeks?\b|months?\b|years?\b|days?\b|diabet)[\w-]+\s+){{0,6}}?(?:to"
    rf"|receiv\w+|given|on|with|took|taking|treated|using|in)\s+(?:(?!and\b|or\b)[\w-]+\s+){{0,5}})$",
    re.IGNORECASE,
)
SHARED_TAIL = re.compile(
    r"\b(?:in combination with|in addition to|(?:were|was|is|are|each) (?:both |each )?(?:added|given with"
    r"|combined)|on (?:a )?(?:background|top) of|with maintenance|as add-on|both (?:plus|with|combined)"
    r"|to (?:ongoing|existing|stable|background|current|their)|in conjunction with|added to|each with"
    r"|plus background)\b",
    re.IGNORECASE,
)
# "A or placebo, plus |B|", "A or placebo (n = 20) with |B|": what a bare placebo is told with is both sides'.
BARE_TAIL = re.compile(
    r"[\s,]*(?:plus|together with|on top of)\s|.*\).*\b(?:plus|with|and)\b", re.IGNORECASE | re.DOTALL
)
ALLOTS = re.compile(r"\b(?:random\w*|assign\w*|allocat\w*|divided into)\b", re.IGNORECASE)
# What people are allotted by: what is told of them before it is told of all.
ALLOTS_TO = re.compile(
    r"\b(?:were|was|been|is|are) (?:\w+ly )?(?:random\w*|assigned|allocated|divided|treated(?: either)? with)\b"
    r"|\brandomi[sz]ed \d|\breceived either\b",
    re.IGNORECASE,
)
DRAWS = re.compile(r"\brandom(?:i[sz]ed|ly (?:assigned|allocated))(?: \(?\d ?: ?\d\)?)? to\b", re.IGNORECASE)
DRAWN = 1.0
TREATS = re.compile(
    r"\b(?:receiv\w+|treated|given|administered|took|therapy with|treatment with|started|either"
    r"|monotherapy)\b",
    re.IGNORECASE,
)
RESULT_WORDS = re.compile(
    r"\b(?:significant\w*|superior|inferior|higher|lower|greater|effective|similar|differ\w*|increase\w*"
    r"|decrease\w*|reduc\w+|more|less|p\s*[<=>]|conclu\w+|suggest\w*)\b",
    re.IGNORECASE,
)
