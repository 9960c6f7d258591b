"""Assertion: which stretches of a sentence are negated or hypothetical, after ConText (Harkema et al. 2009).

Place in the flow: a component that writes the scopes `doc.spans["NEGATED"]` and `doc.spans["HYPOTHETICAL"]`;
`convert.py` gives a mention inside a scope its status. Pure text, no spaCy.

>>> text = "No relapse occurred, but infections may follow."
>>> [(status, text[start:end]) for status, start, end in find_scopes(text)]
[('NEGATED', 'relapse occurred'), ('HYPOTHETICAL', 'follow')]
A cue rules the words after it up to the end of its clause; in the passive ("was not observed") also the subject before
A cue rules the words after it up to the end of its clause; in the passive ("was not observed") the subject before it
as well. Phrases that deny a difference and not a fact ("no significant difference in") are no negations. Known misses:
scopes that jump over an inserted clause, and negation by prefix ("non-nephrotic").
"""

from __future__ import annotations

import re

_END = re.compile(
    r"[;:]|,?\s(?:but|whereas|although|though|however|yet|because|since|despite|while|except|until|unless)\s"
    r"|,\s(?:and|which|who|where|suggesting|indicating|thus|so|with|then|as|in contrast|after|"
    r"compared|or\s\w+\s\w+ed)\s"
    r"|\sand\s(?:\w+\s){1,5}(?:was|were|is|are|might|may|had|has)\s|\s(?:suggesting|indicating|"
    r"thereby|which (?:was|were|is|are))\s|\)|[.!?]?$"
)
_START = re.compile(
    r"[;:(]\s*|,?\s(?:but|whereas|although|though|however|yet|because|since|while|that|which)\s"
    r"|,\s(?:and\s)?|\sand\s(?=\w+(?:\s\w+){0,4}\s(?:was|were|is|are|has|have)\b)"
)
# Denies a difference, a change or an effect on what follows, not that it happened.
_NO_CHANGE = (
    r"(?:\s(?:statistically|clinically|apparent|appear to|any|a|an|the|further|clear|show|have|find|been|be|additional|"
    r"major|marked|relevant|observe|difference|seem to|been shown to|appreciable|overall|obvious|direct|"
    r"demonstrate|reveal|result in|lead to))*"
    r"\s(?:significant(?:ly)?\s(?:\w+\s)?)?(?:differences?|differ(?:ed|ent|s)?|chang(?:e[ds]?|ing)|"
    r"effects?|influenced?|"
    r"affect(?:ed|s)?|alter(?:ed|ations?)?|correlat\w+|associat\w+|increased?|decreased?|reduced?|reduction|"
    r"improved?|improvements?|relat\w+|inferior|superior|modif\w+|impact|impair\w*|compromis\w*|"
    r"worsen\w*|predict\w*|lower|higher|"
    r"better|worse|greater|only|necessarily|yet)\b"
)
_FORWARD = re.compile(
    rf"\b(?:(?:do|does|did|is|are|was|were|has|have|had|could|can|may|might|should|would|"
    rf"will)\s+not(?!{_NO_CHANGE})(?!\sonly)"
    rf"|not(?!{_NO_CHANGE})(?!\sonly\b)(?!\s(?:known|clear|been determined|established|yet)\b)"
    rf"|no(?!{_NO_CHANGE})(?!\sonly\b)(?!\slonger\sthan)(?!\.)|n['’]t|cannot|neither|nor|"
    rf"without(?!{_NO_CHANGE})|absence of|"
    r"lack(?:s|ed|ing)?(?: of)?|fail(?:s|ed)? to|failure to|unable to|none of|none|rather than|"
    r"instead of|never|no longer|"
    r"with the (?:notable )?exception of|except for|free (?:of|from)|in the absence of|devoid of|ruled out|excluded)\b",
    re.I,
)
_PASSIVE = re.compile(
    r"^(?:\s\w+ly|\sbeen|\sbe|\sto be|\syet)*\s(?!correlated|associated|related|changed|increased|"
    r"decreased|needed to|failed)"
    r"(?:\w{3,}ed|seen|found|given|shown|known|taken|present|evident|detectable|necessary|apparent|due|demonstrable)\b"
)
# Cues that deny a thing rule a noun phrase; those that deny a verb rule the clause.
_NOUN_CUE = re.compile(
    r"(?:absence of|lack(?:s|ed|ing)?(?: of)?|without|rather than|instead of|free (?:of|from)|none of|"
    r"devoid of|excep.*)$",
    re.I,
)
_NOUN_END = re.compile(
    r",|\s\(|\s\w+ed\sin\s|\s(?:was|were|is|are|did|does|do|had|has|have|can|could|may|might|will|"
    r"would|suggest\w*|indicat\w*|led|results?|fail\w*)\s"
)
_BACKWARD = re.compile(
    r"\b(?:(?:was|were|is|are|remained)\s(?:completely\s|virtually\s)?(?:absent|lacking|ruled out|excluded))\b", re.I
)
_MAYBE = re.compile(
    r"\b(?:may|might|could|suggest(?:s|ed|ing|ive)?(?: that)?|indicat(?:e|es|ed|ing) that|impl(?:y|"
    r"ies|ied|ying) that|whether(?: or not)?|"
    r"appear(?:s|ed)? to|appear(?:s|ed)?|seem(?:s|ed)?(?: to)?|likely|unlikely|possib(?:le|ly|ility)|potential(?:ly)?|"
    r"probabl[ey]|presumabl[ey]|perhaps|putative|hypothesi[sz]ed?(?: that)?|hypothesis that|"
    r"hypothesi[sz]e|if|unclear|unknown|not known|not clear|"
    r"thought to|believed to|thought|believed|suspected|speculate|proposed? that|postulated|predicted|"
    r"(?:to )?(?:exclude|rule out)|would|"
    r"in case of|raises the possibility)\b",
    re.I,
)
_MODAL_PASSIVE = re.compile(r"^(?:\salso|\snot)?\sbe\s\w+(?:ed|en|ought|wn)\b")
_FREE = re.compile(r"(?<![\w-])([A-Za-z]+)-free\b")
_Scope = tuple[str, int, int]


def find_scopes(sentence: str) -> list[_Scope]:
    """`(status, start, end)` of each negated or hypothetical stretch of a sentence, negated ones first."""
    found = list(_negated(sentence))
    for cue in _MAYBE.finditer(sentence):
        start = cue.end()
        if cue.group().lower() in ("may", "might", "could") and _MODAL_PASSIVE.match(sentence[start:]):
            found.append(("HYPOTHETICAL", _clause_start(sentence, cue.start()), cue.start()))
        found.append(("HYPOTHETICAL", *_after(sentence, start)))
    return [scope for scope in found if scope[1] < scope[2]]


def _negated(sentence: str) -> list[_Scope]:
    found: list[_Scope] = []
    for cue in _FORWARD.finditer(sentence):
        rest = sentence[cue.end() :]
        if cue.group().lower().endswith(("not", "never", "n't")) and _PASSIVE.match(rest):
            found.append(("NEGATED", _clause_start(sentence, cue.start()), cue.start()))
        start, end = _after(sentence, cue.end())
        of_noun = _NOUN_CUE.search(cue.group()) or sentence[: cue.start()].endswith(("but ", "and "))
        if of_noun and (edge := _NOUN_END.search(sentence, start, end)) is not None:
            end = edge.start()
        found.append(("NEGATED", start, end))
    found += [("NEGATED", _clause_start(sentence, cue.start()), cue.start()) for cue in _BACKWARD.finditer(sentence)]
    found += [("NEGATED", match.start(1), match.end(1)) for match in _FREE.finditer(sentence)]
    return found


def _after(sentence: str, start: int) -> tuple[int, int]:
    """From a cue to the end of its clause, without blanks at the edges."""
    end = _END.search(sentence, start)
    stop = end.start() if end else len(sentence)
    piece = sentence[start:stop]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _clause_start(sentence: str, before: int) -> int:
    start = 0
    for match in _START.finditer(sentence, 0, before):
        start = match.end()
    return start
