"""Words that say which way an outcome went: increased, decreased, no difference; between arms or over time.

Place in the flow: asked by `comparisons.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.evidence import Direction
from pipeline.relate.compound_cues import beside_findings, compounds, is_counter, smaller_change

_FLAGS = re.IGNORECASE
_NONE = re.compile(
    r"\b(?:(?:did|do|does) not (?:significantly |statistically )?(?:differ|change|increase"
    r"|decrease|improve|reduce|affect|alter|influence|worsen|achieve "
    r"(?:statistical )?significance|reach)\w*"
    r"|(?:no|without|nor)(?: (?:a|any|statistical|statistically|clinically|clear|significant|significantly"
    r"|major|further|apparent|relevant|other|marked|notable|substantial|lowering|obvious|appreciable|consistent"
    r"|additional|additive|important|measurable|detectable|demonstrable|discernible|evident|overall|meaningful|real),?)*"
    r" (?:(?:adverse|beneficial|detrimental|deleterious|harmful|negative|toxic) effects?(?= (?:on|upon)\b)|differences?"
    r"|changes?"
    r"|effects?|increases?|decreases?|rises?|reductions?"
    r"|improvements?|variations?|correlations?|associations?|alterations?|superiority|deterioration"
    r"|influence|impact|benefits?)"
    r"|(?:did|do|does) not (?:have|show|exert|produce|cause|demonstrate|result in|lead to) an?y? (?:[\w-]+ ){0,3}"
    r"(?:effect|difference|change|improvement|reduction|increase|decrease|influence|impact|benefit)s?"
    r"|(?:did|do|does) not depend(?= on\b)|not (?:effective|dependent)(?= on\b)"
    r"|little or no (?:difference|effect|change)s?|neither [^.;]{2,60}? (?:effect|change|difference|influence)s?"
    r"|not (?:been )?(?:statistically |significantly |clinically )*(?:different|altered"
    r"|changed|affected|significant|improved|associated|superior|inferior|modified|increased"
    r"|decreased|reduced|correlated|related)"
    r"|had not (?:significantly )?(?:changed|differed)(?: significantly)?|but not (?:statistically )?significant(?:ly)?"
    r"(?:,? (?:reduced|lower(?:ed)?|higher|increased|decreased|improved|elevated|raised|greater|smaller))?"
    r"|(?:in|non-?)significant (?:differences?|changes?)|insignificant\w*|non-?significant(?:ly)?"
    r"|(?:were|was|are|is|be|remained|had|have|showed?|with) (?:(?:also|equally|generally"
    r"|broadly|statistically|very|well|otherwise|all|numerically) )*(?:similar|comparable"
    r"|equivalent|unchanged|identical|unaffected)"
    r"|(?:were|was|are|is|be|remained|stayed) (?:(?:also|equally|generally|broadly|relatively|very|well|all) )*"
    r"(?:stable|balanced|matched|constant)"
    r"|similar(?:ly)?|comparable|equivalent|unchanged|unaffected|non-?inferior(?:ity)?|not inferior"
    r"|as (?:effective|efficacious|safe|good|common|frequent) as|equally (?:effective"
    r"|efficacious|safe|low|high|common|well|as)\w*|at the same frequency)\b",
    _FLAGS,
)
_UP = re.compile(
    r"\b(?:increas(?:e|ed|es|ing)|higher|greater|more(?: (?:common|frequent|often|likely"
    r"|effective|efficacious|prominent|pronounced|rapid))?|rose|risen|rises?|rising|augment(?:ed|s)|potentiat(?:ed|es)|aggravat(?:ed|es?)|tripled|elevat\w+|longer"
    r"|enhanc\w+"
    r"|improv(?:e|ed|es|ing|ements?)|normali[sz]\w+|deteriorat\w+|recover(?:ed|y)|worsen(?:ed"
    r"|ing|s)?|superior(?:ity)?|better|gained"
    r"|gains?"
    r"|(?<!a )(?<!had )prolong(?:ed|s)(?= (?:the )?(?:[\w-]+ )?(?:survival|time|interval|duration|latency|period)\b)"
    r"|faster|doubl\w+|raised|advantage|exacerbat\w*|restored"
    r"|(?:show(?:ed|s)|demonstrated|had|gave|provided|conferred) (?:an? )?(?:[\w-]+ ){0,2}benefits?)\b",
    _FLAGS,
)
_DOWN = re.compile(
    r"\b(?:decreas(?:e|ed|es|ing)|lower(?:ed|ing)?|less(?: (?:common|frequent|often|likely"
    r"|effective|pronounced))?|fewer|reduc(?:e|ed|es|ing|tions?)|fell|fall(?:s|en|ing)?"
    r"|declin(?:e|ed|es|ing)"
    r"|shorter|shorten\w+|diminish\w*|slower|slow(?:ed|s)|drop(?:ped|s)?|halved|attenuat\w+"
    r"|inferior|prevent(?:ed|s)?|suppress(?:ed|es|ing)?|loss|inhibit(?:ed|s)|alleviat\w*"
    r"|ameliorat\w*|resolved|disappear(?:ed|s|ing)|abolish(?:ed|es)|subsided|regressed|retard(?:ed|s))\b",
    _FLAGS,
)
_NOT_CUES = re.compile(
    r"(?:increasing doses?|lower(?:ing)? limit|low-dose|reduced[- ](?:dose|exposure"
    r"|tacrolimus|cyclosporine|maintenance)|cyclosporine exposure reduction|dos(?:e|age) reduc\w+"
    r"|more than \d"
    r"|less than \d|greater than (?:or equal to )?\d|(?:higher|lower) than \d"
    r"|increased risk factors|\d+ (?:mg|g) or (?:more|less)|or (?:more|less|higher|greater|lower|fewer)\b"
    r"|similar (?:(?!(?:for|in|to|among|between|with|as)\b)\w+ ){0,2}"
    r"(?:trials?|stud(?:y|ies)|reports?|series|cases?|populations?|findings|results|observations)"
    r"|in a similar (?:way|manner|fashion)|to a similar (?:extent|degree)"
    r"|(?<=decreased )(?:similarly|equally)|(?<=increased )(?:similarly|equally)|(?<=reduced )(?:similarly|equally)"
    r"|(?<=improved )(?:similarly|equally)|(?<=fell )(?:similarly|equally)|(?<=rose )(?:similarly|equally)"
    r"|double[- ](?:blind|dummy|masked)\w*|equivalent dos\w+|non-?inferiority (?:margin|trial|study|design|limit|test)"
    r"|fell (?:into|asleep|ill|pregnant)"
    r"|(?:more|less) (?:effective|efficacious)|speed of \w+ reduction|more than half)",
    _FLAGS,
)
_BETWEEN = re.compile(
    r"\b(?:than|compared|comparison|versus|vs\.?|between(?! (?:initial|baseline|week|day|month)|\s\d)"
    r"|differ(?:ed|ence|ences|ent)?"
    r"|similar(?! (?:way|manner|fashion|extent|degree))"
    r"|comparable|equivalent|superior\w*|inferior\w*|higher|lower|greater|fewer|longer|shorter"
    r"|better|more (?:common|frequent|effective|often|likely)|less (?:common|frequent|often"
    r"|likely|effective)|faster|slower|relative to|over (?:placebo|control)|equally"
    r"|as effective|favou?red)\b",
    _FLAGS,
)
_OVER_TIME = re.compile(
    r"\b(?:increased|decreased|rose|fell|declined|improved|worsened|change[ds]?|unchanged|stable|constant|remained"
    r"|altered|alterations?|before and after|(?:unaffected|(?:modified|affected|influenced)) by"
    r"|dropped|reduced|lowered|raised|attenuated|suppressed|diminished|ameliorated|enhanced|(?:was|were) elevated"
    r"|lowers|raises|reduces?|increases?|decreases?|improves?|from baseline|above baseline|similar to baseline"
    r"|compared (?:with|to) baseline"
    r"|returned|resolved|disappear\w*|abolished|subsided|regressed|rising"
    r"|normali[sz]ed|tended to (?:increase|decrease|rise|fall)|over time|with time"
    r"|(?:gradual|progressive|further|steady|subsequent|transient) (?:increase|decrease|rise|fall|decline)"
    r"|(?:increase|decrease|fall|rise|decline|drop|improvement|deterioration) in|reduction (?:in|of)|rise)\b",
    _FLAGS,
)
_BETTER = re.compile(r".*\bbenefit|improv|better|superior|normali[sz]|ameliorat|alleviat|recover", _FLAGS)
_WORSE = re.compile(r"worse|deteriorat|exacerbat|aggravat|impair", _FLAGS)
_UNWANTED = re.compile(
    r"\b(?:\w*proteinuria|\w*albuminuria|\w*h(?:a)?ematuria|(?:o)?edema|symptoms?|manifestations?"
    r"|toxicit\w*|an(?:a)?emia|pain|relapses?|hypertension|blood pressure"
    r"|creatinine|inflammation|infections?|events?|disease activity|injury|damage|lesions?"
    r"|fibrosis|sclerosis|failure|hypoalbumin\w*|rejection|cholesterol|lipids?"
    r"|triglycerides?|mortality|deaths?|cough|fatigue|pruritus|rash|LN|nephritis|nephropathy"
    r"|anxiety|depression|iPTH|hyper\w+|severity|burden|swollen|tender"
    r"|(?:steroid|\w*corticoid|prednis(?:ol)?one) (?:doses?|dosages?|use|requirements?))\b",
    _FLAGS,
)
# A share of people has no earlier value to fall from: "lowered the risk of", "reduced the incidence of".
_OF_EVENTS = re.compile(
    r"\b(?:reduc|lower|decreas|increas|halv|rais|doubl|diminish)\w*\s(?:the\s|a\s|an\s)?(?:[\w-]+\s){0,2}?(?:risks?|incidences?|"
    r"frequency|frequencies|rates? of (?!decline|loss|change|progression)|likelihood|odds|proportion)\b",
    _FLAGS,
)
_BASELINE = re.compile(
    r"\b(?:similar to|compared (?:with|to)|than|above|below|from|relative to) (?:the )?"
    r"(?:baseline|pre-?treatment|(?:(?:at|before|in|on) )?(?:week|month|day|year)s? \d|"
    r"(?:at|before|in) (?:the )?(?:week|month|day|baseline|treatment|control period))\b",
    _FLAGS,
)
_CORRELATION = re.compile(r"\bcorrelat(?:ed|es?|ions?)\b|\bassociations? between\b", _FLAGS)
_NO_CORRELATION = re.compile(rf"\b(?:no|not|nor|without|neither)\b[^,;:]{{0,30}}(?:{_CORRELATION.pattern})", _FLAGS)
_TREND = re.compile(r"\b(?:trends?|tend(?:ed|s|ency)?|numerically|slightly)\b", _FLAGS)
# "was used to lower X", "cautioned against … to prevent X": what is meant to be done is not what was found.
_PURPOSE = re.compile(
    r"(?<!shown)(?<!found)(?<!seen)(?<!able)(?<!known)(?<!tended)(?<!tends)(?<!appeared)(?<!appears)(?<!seems)(?<!seemed)(?<!likely)"
    r"(?<!\scontinued)(?<!reported)(?<!demonstrated)(?<!proved)(?<!proven)(?<!began)(?<!failed)(?<!fails)(?<!led)(?<!tend)(?<!noted)"
    r"(?<!observed)(?<!proportion)(?<!failure)(?<!and)(?<!or)(?<!but)\sto (?:\w+ly )?"
    r"(?:(?:prevent|reduce|lower|improve|increase|decrease)\s[^.;,]{1,40}\s(?:or|and)\s)?\Z",
    _FLAGS,
)
_VERB_FORM = re.compile(r"increase|decrease|lower|reduce|improve|prevent|raise|worsen|slow", _FLAGS)
_NOT_UP_DOWN = re.compile(r"\b(?:not|no|nor|without|neither|never|failed to)\s(?:\w+\s){0,2}\Z", _FLAGS)


# "a greater fall in A", "the smaller AER reduction": the degree of a fall, which turns the direction round.
_FALL = r"(?:falls?|reductions?|decreases?|declines?|drops?|lowering)"
_DEGREE = re.compile(
    r"\b(?P<more>greater|higher|larger|stronger|more (?!than\b)[a-z]+)\s(?:and \w+\s)?"
    rf"(?:(?!rate|or|and|in|of|than)[\w-]+\s){{0,2}}?(?P<fall>{_FALL})\b(?!\s(?:rate|score))"
    r"|\b(?:smaller|lesser|lower|less(?: (?:pronounced|marked|rapid))?)\s(?:(?!rate|or|and|in|of|than)[\w-]+\s){0,2}?"
    rf"(?P<little>{_FALL})\b(?!\s(?:rate|score))",
    _FLAGS,
)
_OPPOSITE = {Direction.DECREASED: Direction.INCREASED, Direction.INCREASED: Direction.DECREASED}
_CHANGES = ((_UP, Direction.INCREASED), (_DOWN, Direction.DECREASED))


@dataclass(frozen=True, slots=True)
class Cue:
    """A direction word at its place (offsets inside the text that was searched)."""

    direction: Direction
    start: int
    end: int
    text: str

    @property
    def is_degree(self) -> bool:
        """Whether the words tell how great a fall was: "a greater reduction"."""
        return bool(_DEGREE.fullmatch(self.text))


def find_cues(text: str) -> list[Cue]:
    """Direction words of `text` in order; "did not increase" is one cue of no difference."""
    degrees = list(_DEGREE.finditer(text))
    changes = [(direction, match) for pattern, direction in _CHANGES for match in pattern.finditer(text)]
    changes += (whole := list(compounds(text)))
    degrees = [match for match in degrees if not any(_overlap(match, one) for _, one in whole)]
    skipped = [match.span() for match in _NOT_CUES.finditer(text)] + beside_findings(text)
    skipped = [span for span in skipped if not any(one.start() < span[1] and span[0] < one.end() for _, one in whole)]
    cues = [
        Cue(Direction.NO_DIFFERENCE, match.start(), match.end(), match.group())
        for match in _NONE.finditer(text)
        if not any(match.start() < high and low < match.end() for low, high in skipped)
    ]
    for direction, match in changes:
        inside = any(
            cue.start < match.end() and match.start() < cue.end
            for cue in cues
            if cue.direction is Direction.NO_DIFFERENCE
        )
        if any(one.start() < match.end() and match.start() < one.end() for one in degrees):
            continue
        if inside or any(low < match.end() and match.start() < high for low, high in skipped):
            continue
        if any(one is not match and _overlap(one, match) for _, one in whole):
            continue
        if _VERB_FORM.fullmatch(match.group()) and _PURPOSE.search(text[: match.start()]):
            continue
        negated = _NOT_UP_DOWN.search(text[: match.start()])
        cues.append(Cue(Direction.NO_DIFFERENCE if negated else direction, match.start(), match.end(), match.group()))
    for match in degrees:
        if not any(cue.start < match.end() and match.start() < cue.end for cue in cues):
            way = Direction.DECREASED if match["more"] else Direction.INCREASED
            negated = _NOT_UP_DOWN.search(text[: match.start()])
            cues.append(Cue(Direction.NO_DIFFERENCE if negated else way, match.start(), match.end(), match.group()))
    return sorted(cues, key=lambda cue: cue.start)


def _overlap(one: re.Match[str], other: re.Match[str]) -> bool:
    return one.start() < other.end() and other.start() < one.end()


def polar(cue: Cue, outcome: str, *, is_disease: bool = False) -> Direction:
    """The way the outcome itself went: an improved function rises, an improved oedema falls.

    A greater fall of A lowers A, but raises an outcome that is called "fall of A". A disease that improves falls.
    """
    if cue.direction is Direction.NO_DIFFERENCE:
        return cue.direction  # "without clinical improvement"
    if (noun := smaller_change(cue.text)) is not None:
        return Direction.DECREASED if noun in outcome.lower() else cue.direction
    if cue.is_degree or is_counter(cue.text):
        return by_degree(cue, outcome, cue.direction) or cue.direction
    better, worse = _BETTER.match(cue.text), _WORSE.match(cue.text)
    if not better and not worse:
        return cue.direction
    unwanted = is_disease or bool(_UNWANTED.search(outcome))
    return Direction.DECREASED if unwanted == bool(better) else Direction.INCREASED


def by_degree(cue: Cue | None, outcome: str, direction: Direction | None) -> Direction | None:
    """The direction that "a greater fall" gives to an outcome: turned round if the outcome's name holds the fall."""
    if (
        cue is None
        or not (cue.is_degree or is_counter(cue.text))
        or direction not in _OPPOSITE
        or direction is not cue.direction
    ):
        return direction
    noun = cue.text.lower().split()[-1].rstrip("s")
    return _OPPOSITE[cue.direction] if noun in outcome.lower() else direction


def is_trend(text: str) -> bool:
    """Whether the text speaks of a tendency, so that a direction stands although the test was not significant."""
    return bool(_TREND.search(text))


def is_between_arms(text: str) -> bool:
    """Whether the words contrast two arms rather than tell a change over time."""
    return bool(_BETWEEN.search(text) or _OF_EVENTS.search(text)) and not _BASELINE.search(text)


def is_correlation(text: str, *, tested: bool) -> bool:
    """Whether the words set two measures of the same people against each other, not two arms.

    `tested`: a test goes with them; without one only a denial ("no correlation was found") is a finding.
    """
    return bool((_CORRELATION if tested else _NO_CORRELATION).search(text))


def names_baseline(text: str) -> bool:
    """Whether an outcome is compared with its own earlier value: "similar to baseline"."""
    return bool(_BASELINE.search(text))


def is_over_time(text: str) -> bool:
    """Whether the words tell a change over time."""
    return bool(_OVER_TIME.search(text) or _BASELINE.search(text))
