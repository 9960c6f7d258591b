"""The phrase a direction word speaks of where the tagger knows no outcome: "DeltaX was higher", "a fall in cells".

Place in the flow: asked by `contrast_outcomes.py` when a piece of a sentence names no known outcome.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.evidence import Label
from pipeline.relate.coordinated import is_measured, is_modifier
from pipeline.relate.direction import Cue
from pipeline.relate.outcome_of import Outcome
from pipeline.relate.view import SentenceView, without_brackets
from pipeline.tag.people import PEOPLE

_FLAGS = re.IGNORECASE
_WORD = (
    r"(?:(?!(?:in|with|without|within|to|for|at|on|by|from|after|before|during|between|among|than|versus|vs|and|or|but|under|over"
    r"|through|throughout|despite|compared|via|whose|where|was|were|is|are|had|has"
    r"|have|that|which|who|when|while|whereas|as|if|we|it|they|this|these|those|there|did|not|no|be|been)\b)[\w/%+.-]+)"
)
_PHRASE = rf"(?:the\s|an?\s|mean\s|median\s|their\s|its\s)*(?P<phrase>{_WORD}(?:\s{_WORD}){{0,5}})"
# Before the word: "…, the mean X was (significantly) higher"; a place or time may stand between.
_SUBJECT = re.compile(
    rf"(?:\A|[,;:]\s|\b(?:and|but|whereas|while|that|although)\s)\s?{_PHRASE}"
    r"(?:\s(?:in|of|for|among|at|with|during)\s[\w\s/-]{2,40}?)?\s+(?:also\s|both\s|all\s)?"
    r"(?:(?:was|were|is|are|had|has|have|did|remained)\s)?(?:(?:not|also|both|been|even|\w+ly)\s)*\Z",
    _FLAGS,
)
_OBJECT = re.compile(rf"^s?\s(?:in|of|on)\s{_PHRASE}(?=\s|[.,;:]|\Z)", _FLAGS)
# The item of a list before its test: ", urine flow rate (P = 0.02".
_BRACKETED = re.compile(rf"^[\s,;)\]]*(?:and\s|or\s)?{_PHRASE}\s[(\[][^()\[\]]*\Z", _FLAGS)
_SHORT = re.compile(r"[A-Za-z]{0,3}[A-Z][A-Za-z0-9/-]{0,7}")
_BEFORE_SHORT = re.compile(rf"(?:\A|[,;:]\s|\b(?:in|of|and|or|on|for|the|was|were)\s){_PHRASE}\s\Z", _FLAGS)
_OF_PEOPLE = re.compile(
    r"^\s(?:the\s)?(?:percentage|proportion|rate|incidence|number|frequency|risk|likelihood|prevalence)s?\sof\s(?:(?:the|all)\s)?"
    rf"(?:{PEOPLE}\s(?:with|who had|achieving|having)\s)?{_PHRASE}",
    _FLAGS,
)
_ADJECTIVE = re.compile(
    r"(?:higher|lower|greater|increased|decreased|reduced|similar|comparable|smaller|larger)\Z", _FLAGS
)
_VERB = re.compile(
    r"(?:increased|decreased|rose|fell|declined|dropped|improved|worsened|diminished|unchanged|higher|lower|greater|longer|shorter"
    r"|fewer|better|(?:were|was|are|is|remained) \w+|did not \w+|similar|comparable|equivalent"
    r"|not (?:significantly )?(?:different|changed|altered|affected))\Z",
    _FLAGS,
)
_NOUN = re.compile(
    r"(?:.*\b)?(?:increase|decrease|rise|fall|reduction|decline|improvement|difference|change|drop|worsening|effect)s?\Z",
    _FLAGS,
)
_ACTIVE = re.compile(
    r"(?:inhibit|prevent|suppress|attenuat|reduc|lower|decreas|increas|rais|improv|enhanc|diminish|slow|worsen|augment|potentiat"
    r"|ameliorat|alleviat|retard|abolish|aggravat|exacerbat|shorten)\w*\Z",
    _FLAGS,
)
# What the verb is done to: a noun that follows it directly.
_DONE_TO = re.compile(
    rf"^\s(?:both\s|the\s)?(?!\w+ly\b|compared\b|only\b|also\b|even\b|further\b|\d){_PHRASE}(?=\s|[.,;:]|\Z)", _FLAGS
)
_CHANGE = re.compile(r"(?:increase|decrease|rise|fall|reduction|decline|improvement|drop|elevation)s?", _FLAGS)
_AMOUNT = re.compile(
    r"%|\A(?:\d|almost|about|nearly|approximately|at least|up to|more|less|one|two|three|four|five|ten|half|values?\b"
    r"|times|each|first|last)|\b(?:times|weeks|months|years|days|hours)\Z|-\Z",
    _FLAGS,
)
_TAIL = re.compile(
    r"(?:\s(?:suggestive of|of|associated|induced|produced|observed|caused|seen|found|occurring|recorded|again|detected"
    r"|assessed|measured|consistent|(?:of\s)?(?:low|high)))+\Z",
    _FLAGS,
)
_NO_VERB_YET = re.compile(
    r"\b(?:was|were|is|are|be|been|being|had|has|have|which|that|who|and|with|in|from|by|group|arm|patients)\b", _FLAGS
)
_NO_OUTCOME = re.compile(
    r"\b(?:patients?|subjects?|children|recipients?|groups?|arms?|rats?|mice|animals?|results?|findings?|data|studies|study|treatments?"
    r"|therap(?:y|ies)|drugs?|agents?|regimens?|doses?|dosages?|both|one|two|three|all|none|others?|each|such|same|values?|levels?|effects?"
    r"|changes?|differences?|trend|week|month|year|day|h|mg)\Z|\A(?:however|thus|moreover|furthermore|overall|also|conversely|similarly"
    r"|significantly|only|most|more|less|there)\b",
    _FLAGS,
)


def phrase_of(view: SentenceView, start: int, cue: Cue) -> Outcome | None:
    """The noun phrase that `cue` speaks of in the piece that begins at `start`; None where none is safe."""
    low, high = view.start + cue.start, view.start + cue.end
    if _NOUN.match(cue.text) and (match := _OBJECT.match(without_brackets(view.between(high, view.end)))):
        return _outcome(view, match, high)
    if _ADJECTIVE.match(cue.text) and _OF_PEOPLE.match(without_brackets(view.between(high, view.end))):
        return share_of(view, cue)
    match = _SUBJECT.search(without_brackets(view.between(start, low))) if _VERB.match(cue.text) else None
    if match and (subject := _outcome(view, match, start)):
        return subject
    if not _ACTIVE.match(cue.text) or not _is_done_by_drug(view, start, low):
        return None
    match = _DONE_TO.match(without_brackets(view.between(high, view.end)))
    found = _outcome(view, match, high) if match else None
    if found is None or is_modifier(found.text) or not found.text[:1].isalpha() or found.text.startswith("of "):
        return None
    bare = _TAIL.sub("", found.text)
    return replace(found, text=bare, end=found.start + len(bare))


def share_of(view: SentenceView, cue: Cue) -> Outcome | None:
    """ "a greater percentage of patients with X": X, although it stands where people are described."""
    high = view.start + cue.end
    match = _ADJECTIVE.match(cue.text) and _OF_PEOPLE.match(without_brackets(view.between(high, view.end)))
    return _outcome(view, match, high) if match else None


def changed_of(view: SentenceView, cue: Cue) -> Outcome | None:
    """ "a rise in X and a fall in Y": what each of the two nouns is of, known or not."""
    high = view.start + cue.end
    is_change = _CHANGE.fullmatch(cue.text) and view.between(high, high + 4) in (" in ", " of ")
    match = _OBJECT.match(without_brackets(view.between(high, view.end))) if is_change else None
    found = _outcome(view, match, high) if match else None
    if found is None or _AMOUNT.search(found.text) or is_modifier(found.text.split(" of ")[-1]):
        return None
    bare = _TAIL.sub("", found.text)
    return replace(found, text=bare, end=found.start + len(bare)) if len(bare) > 2 else None


def _is_done_by_drug(view: SentenceView, start: int, verb: int) -> bool:
    """ "Doses of A above 2 mg inhibited": the subject of the verb holds a drug or an arm."""
    named = [one for one in view.of(Label.DRUG, Label.ARM) if start <= one.start and one.end <= verb]
    return bool(named) and _NO_VERB_YET.search(view.between(named[-1].end, verb)) is None


def bracketed(view: SentenceView, start: int, test: int) -> Outcome | None:
    """The phrase right before the bracket of a test, if it is all that the piece of the sentence says."""
    match = _BRACKETED.match(view.between(start, test))
    return _outcome(view, match, start) if match else None


def spelt_out(view: SentenceView, one: Outcome, test: int) -> Outcome | None:
    """ "urine flow rate (UFR, P = 0.6)": what the short form in the bracket of a test stands for."""
    is_short = _SHORT.fullmatch(one.text) and view.between(one.start - 1, one.start) in ("(", "[")
    if not is_short or one.start > test or re.search(r"[)\]]", view.between(one.end, test)):
        return None
    match = _BEFORE_SHORT.search(view.between(view.start, one.start - 1))
    return _outcome(view, match, view.start) if match else None


def _outcome(view: SentenceView, match: re.Match[str], offset: int) -> Outcome | None:
    text = match["phrase"].strip(" .")
    start = offset + match.start("phrase")
    end = start + len(text)
    named = view.of(Label.DRUG, Label.ARM, Label.POPULATION, Label.TIMEPOINT, Label.DOSE)
    if (
        len(text) < 3
        or not re.search(r"[A-Za-z]{3}", text)
        or _NO_OUTCOME.search(text)
        or any(one.end >= end or not is_measured(text) for one in named if one.start < end and start < one.end)
    ):
        return None
    return Outcome(text, start, end, None, 6.0, "subject")
