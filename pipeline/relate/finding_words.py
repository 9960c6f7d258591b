"""The words that tell findings from limits, sizes, plans and contrasts.

Place in the flow: data of `findings.py`.
"""

from __future__ import annotations

import re

from pipeline.relate.numbers import COUNT
from pipeline.tag.people import PEOPLE

FLAGS = re.IGNORECASE
TIME_OUTCOME = re.compile(
    r"\b(?:times?(?:\s\w+){0,3}\sto|time until|durations?(?! of (?:treatment|therapy|the study|follow))"
    r"|days (?:to|of|until)|length of|stay"
    r"|ages?|aged|survival|half-?li(?:fe|ves)|interval|onset|delay|persist\w*"
    r"|maintained|sustained|years old|lasted)\b",
    FLAGS,
)
SIZE_CUE = re.compile(
    r"\b(?:random\w*|enrol\w*|allocat\w*|recruit\w*|assign\w*|includ(?:ed|ing)|divided"
    r"|consist\w*|compris\w*|studied|underwent|were treated|was (?:given|administered)"
    r"|received|receiving|given to|treated with|were (?:analy[sz]ed|evaluated|followed"
    r"|selected|biopsied)|screened|eligible|participat\w*|a total of|population|formed"
    r"|we (?:report|present|describe|compared|studied|treated)|took)\b",
    FLAGS,
)
SIZED = re.compile(r"\b(?:randomi[sz]ed|studied|enrolled|included|recruited)\s\Z", FLAGS)
LIMIT_CUE = re.compile(
    r"\b(?:eligib\w*|inclusion|exclu\w*|criteri\w*|defin\w+ (?:as|by)|target\w*|cut-?off"
    r"|threshold|endpoints?|end points?|primary outcomes? (?:was|were)|designed|aim\w*"
    r"|power|sample size|who had (?:a )?|with (?:a )?(?:baseline|pretransplantation))\b",
    FLAGS,
)
# What a study did; the number of people behind it is its size, unless something was found in them.
DESIGN = re.compile(
    r"\b(?:stud(?:y|ied)|effects? of|evaluat\w+|investigat\w+|assess\w+|compar(?:ed|es?|ing)|examin\w+|determin\w+"
    r"|review(?:ed)?|performed|conducted|analy[sz]ed|trial|report)\b"
    r"(?!.*\b(?:found|seen|observed|detected|noted|occurr\w+|develop\w+|present|showed|revealed|resulted)\b)",
    FLAGS | re.DOTALL,
)
# "All 18 patients were treated", "all 60 patients seen here": everybody in the study, which is no finding.
EVERYBODY = re.compile(
    r"^\s?(?:,\s|who\s)?(?:were\s|was\s|had been\s|also\s)*(?:\w+ly\s)?(?:treated|receiv(?:ed|ing)|given"
    r"|studied|included|enrolled|followed|randomi[sz]ed|seen|examined|evaluated|investigated|assigned|on|took|underwent|completed)\b",
    FLAGS,
)
OUTCOME_VERB = re.compile(
    r"\b(?:achiev\w*|attain\w*|reach\w*|had|has|develop\w*|experienc\w*|died|surviv\w*"
    r"|relaps\w*|remain\w*|show\w*|respond\w*|requir\w*|discontinu\w*|withdr\w+|re-?start\w*"
    r"|stopp\w*|occur\w*|observ\w*|report\w*|lost|underwent|progress\w*|suffer\w*|need\w*"
    r"|exhibit\w*|did not|became|were (?:male|female|free|found|refractory|resistant)"
    r"|was (?:male|female)|improv\w*|worsen\w*|in remission|returned|received a|fail\w*|lower"
    r"|higher|males?|females?|men|women|boys|girls)\b",
    FLAGS,
)
CHANGE_AFTER = re.compile(
    r"^\s?(?:\w+\s)?(?:reductions?|decreases?|increases?|rises?|falls?|declines?|improvements?|drop|gain|loss in)\b",
    FLAGS,
)
RELATIVE_AFTER = re.compile(
    r"^\s?(?:\w+ly )?(?:higher|lower|greater|more|less|fewer|longer|shorter|increased|reduced"
    r"|better|worse)\b(?! than \d)",
    FLAGS,
)
BY = re.compile(r"\bby\s?(?:a (?:mean|median) of\s|approximately\s|about\s|as much as\s|up to\s)?\Z", FLAGS)
RISK = re.compile(r"\b(?:risks?|likelihood|odds|hazards?|rates? of)\b[^;]*\Z", FLAGS)
RATIOS = re.compile(r"\b(?:hazard|odds|risk) ratios?\b", FLAGS)
# "0.9 % NaCl": the strength of a solution.
SOLUTION = re.compile(
    r"^\s?(?:%\s?)?(?:NaCl|(?:normal |hypertonic )?saline|sodium chloride|dextrose|glucose solution)\b", FLAGS
)
# "titre rose to 320 EU": a whole number that the unit's name does not tell, where a verb of change does.
CHANGED_TO = re.compile(
    r"\b(?:rose|risen|rising|increas\w+|decreas\w+|fell|fallen|falling|declin\w+|dropp\w+|elevated|reduced|peaked)\s(?:\w+ly\s)?"
    r"(?:to|at)\s\Z",
    FLAGS,
)
FOLLOW_UP = re.compile(r"\bfollow(?:ed)?[\s-]?up\b", FLAGS)
PLANNED = re.compile(
    r"\b(?:powered|assum\w+|alpha|sample size|detect a|power (?:of|to)"
    r"|non-?inferiority margin)\b",
    FLAGS,
)
JOINABLE_PATTERN = r"(?:(?!\b(?:and|vs\.?|versus|compared|than|whereas)\b)[^;()\d]){0,90}\s?[(\[,]\s?"
OR_MORE = re.compile(r"^\s?or (?:more|less|greater|higher|lower|above|below|over|under)\b", FLAGS)
AT_LEAST = re.compile(r"(?:[<>≤≥]\s?(?:or\s?=?\s?)?|or\s?=\s?|\bat least\s)\Z", FLAGS)
SEX = re.compile(r"\b(?:males?|females?|men|women|boys|girls)\Z", FLAGS)
NEXT_PERCENT = re.compile(JOINABLE_PATTERN + r"\d+(?:\.\d+)?\s?%", FLAGS)
JOINABLE = re.compile(JOINABLE_PATTERN, FLAGS)
# "The difference in HbA1c from baseline to week 24 was": a contrast of arms, no arm's own value.
DIFFERENCE = re.compile(
    r"\b(?:advantage|(?:between-?\s?(?:group|arm|treatment)s?|treatment|mean|adjusted mean) differences?|differences?"
    r"|benefit|treatment effect)s?(?:\s(?:in|between|for)\s[^;()]{1,90}?)?\s(?:of|was|were|=)\s\Z",
    FLAGS,
)
UPPER_LIMIT = re.compile(r"^\s?(?:the\s)?(?:upper|ULN|normal)", FLAGS)  # "3 times the upper limit"
FROM = re.compile(r"\bfrom\s?(?:a (?:mean|median) of\s)?\Z", re.IGNORECASE)
TO = re.compile(r"[^;]{0,40}\bto\s?(?:a (?:mean|median) of\s)?\Z", re.IGNORECASE)
ADJECTIVE = re.compile(r"\d+(?:\.\d+)?-(?!\d)[a-z]+", FLAGS)  # "the 70-point response", "5-year survival"
PLAIN_SHARE = re.compile(r"[\w-]+ of (?:the )?[\w-]+", FLAGS)
NO_FINDING_BEFORE = re.compile(  # heterogeneity of a meta-analysis; what it takes to spare one patient an event
    r"\bI\s?(?:2|²|\^2|\(2\))\s?[=:]\s?\Z|\bnumbers? needed to\b[^;.]*\Z", FLAGS
)
LISTED = re.compile(r"\s?(?:,\s?(?:and\s)?|and\s|or\s)", FLAGS)
DEFINED = re.compile(r"\b(?:of|to|not|by)\s\Z|\b(?:must|could|should|had to)\b[^;,]{0,60}\Z", FLAGS)
ENTERED = re.compile(r"[^.;]{0,60}\b(?:were|was) (?:included|enrolled|eligible|recruited|randomi[sz]ed)\b", FLAGS)
ENTERED_LATER = re.compile(
    r"\b(?:were|was) (?:\w+ly )?(?:included|enrolled|eligible|recruited|randomi[sz]ed|assigned)\b", FLAGS
)
# "could not exceed 1.5 g", "up to 600 kg": a bound that was set, not one that was found.
LIMITED = re.compile(
    r"\b(?:(?:could|should|must|may) not )?exceed\s\Z|\bdefined as [^.;]{0,80}\Z|\bunderwent [^.;,]{0,50}\bup to\s\Z",
    FLAGS,
)
PER_TIME = re.compile(r"^\s?(?:weekly|daily|monthly|a day|a week|per day|per week)\b", FLAGS)
# A sentence that says what the end points are tells no result, unless it goes on to say what came of them.
END_POINTS = re.compile(
    r"^(?:the )?(?:(?:primary|secondary|main|co-primary|principal|key)(?:\s(?:and|or|/)\s?\w+)? )+(?:\w+ )?"
    r"(?:end[\s-]?points?|outcomes?)(?: measures?| variables?)? (?:was|were|is|are|included|comprised|consisted of)\s"
    r"(?!(?:\w+ly |not )?(?:reached|met|achieved|attained|observed|seen|lower|higher|similar|comparable|\d|in \d))",
    FLAGS,
)
PROTOCOL = re.compile(r"\b(?:will be|are to be|we (?:will|plan))\b", FLAGS)
# "two cases of remission in a subgroup of nine patients"
CASES_OF = re.compile(
    r"^\s?of\s(?:[\w-]+\s){1,5}?(?:in|among)\s(?:an?\s|the\s|their\s)?(?:(?:sub)?group\s|series\s|total\s|cohort\s)?"
    rf"(?:of\s)?(?P<n>{COUNT})\s(?:[\w-]+\s){{0,2}}?(?:{PEOPLE}|cases\b)",
    FLAGS,
)
