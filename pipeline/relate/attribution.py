"""Whose finding a sentence tells: the paper's own, another study's, or general knowledge.

Place in the flow: asked by `relate` for every row, and by `arms.py` to keep other people's regimens out
of the paper's arms.

Cues, strongest first: words of the authors ("in our study", "we found"), reporting of others ("Smith et al. showed",
"in a randomised trial of 60 patients", a citation mark), then the section. Introductions and discussions are not the
paper's own unless they restate own results. A sentence without a name follows its predecessor ("None of them ...").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.document import ArticleType, Document, Part, Passage, Reference, Section, Span
from pipeline.evidence import Annotated, Attribution
from pipeline.tag.people import PEOPLE

_OWN = re.compile(
    r"\b(?:we|our|ours|us|herein|present (?:study|series|case|report|trial|investigation)|this (?:study|trial"
    r"|series|report|case|pilot|analysis|regimen|protocol|work|patient)|"
    r"these (?:two |three |\d+ )?(?:patients|cases|results|data|findings)|reported here|the current (?:study|trial)"
    r"|in case \d|(?:both|in both|in two|(?:in )?(?:these|the|our)(?: two)?) (?:of (?:these |the |our )?)?"
    r"(?:clinical )?(?:cases|patients|groups|reports))\b",
    re.IGNORECASE,
)
_ABOUT_OTHERS = re.compile(
    r"\bour (?:previous|earlier|prior|knowledge|experience with)|\b(?:consistent|agreement|accordance|line|keeping"
    r"|contrast|similar|comparable|compared) (?:with|to) (?:the |that |those )?"
    r"(?:previous|earlier|other|our previous|results? (?:of|from)|findings? (?:of|from)|reports?)",
    re.IGNORECASE,
)
_ET_AL = re.compile(
    r"\b(?P<name>[A-Z][\w'’À-ÿ]+(?:[ -]+[A-Z][\w'’À-ÿ]+)?)(?:\s+(?:and|&)\s+(?:co-?workers|colleagues|associates)"
    r"|,?\s+et\s+al\b\.?|\s+and\s+[A-Z][\w'’À-ÿ]+(?=\s*[(\[]?\d{4})"
    r"|\s+and\s+[A-Z][\w'’À-ÿ]+(?=\s+(?:showed|reported|found|demonstrated|described|observed)\b))"
)
_OTHERS = re.compile(
    r"\b(?:(?:previous|earlier|prior|recent|other|several|few|many|some|uncontrolled|controlled|observational"
    r"|retrospective|large|small|two|three|four|numerous|most|published|different)"
    r"\s+(?:\w+[\s-]+){0,3}(?:studies|trials|reports?|series|authors|investigators|investigations|analys[ei]s"
    r"|meta-analys[ei]s|data|groups)"
    r"|in an?(?:other)?\s+(?!prospective|retrospective|subgroup|double|median|mean|multi)(?:\w+[\s-]+){0,6}(?:study"
    r"|trial|series|report|meta-analysis|cohort)\b(?!\s+(?:of our|we))"
    r"|another\s+(?:\w+[\s-]+){0,3}(?:study|trial|series|report)"
    r"|the\s+[A-Z][\w-]*[A-Z][\w-]*\s+(?:study|trial)"
    r"|(?:it\s+)?(?:has|have)\s+(?:also\s+|already\s+|previously\s+|recently\s+|long\s+)?(?:been"
    r"|led)\s+(?:\w+ly\s+)?(?:reported|shown|demonstrated|described|found|observed|suggested|proposed|associated"
    r"|used|to)"
    r"|(?:has|have)\s+(?:already\s+|recently\s+|previously\s+)?(?:shown|demonstrated|reported|described|suggested"
    r"|been\s+(?:shown|the cornerstone))"
    r"|(?:studies|reports?|trials?|authors?|literature|investigators)\s+(?:have|has|show|suggest|report|indicate"
    r"|demonstrate)\w*"
    r"|in the literature|guidelines|according to)\b",
    re.IGNORECASE,
)
_AUTHOR_YEAR = re.compile(
    r"\(\s*(?:e\.g\.\s*)?(?P<name>[A-Z][\w'’À-ÿ-]+)(?:\s+(?:et\s+al\.?|and\s+[A-Z][\w'’À-ÿ-]+"
    r"|&\s+[A-Z][\w'’À-ÿ-]+))?,?\s+(?P<year>(?:19|20)\d\d)[a-z]?\b"
)
_FOLLOWS = re.compile(
    r"^\s*(?:none|they|these|those|of these|all of (?:them|these)|the authors|it|he|she"
    r"|in (?:that|this) (?:study|trial|series)|similarly|moreover|furthermore|the (?:study|trial)\b)",
    re.IGNORECASE,
)
_NUMBERS = re.compile(
    r"\d+(?:\.\d+)?\s*(?:%|of\b|out of|/|±)|\bp\s*[<=>]|\bnone\b|\btwo of"
    r"|\bcases? of\b",
    re.IGNORECASE,
)
_RESTATED = re.compile(r"\b(?:group|arm|patients|case \d|cases)\b", re.IGNORECASE)
_AIM = re.compile(
    r"\b(?:aim|aims|purpose|objective|goal|designed|undertaken|conducted|we (?:\w+ly )?(?:report|describe|present"
    r"|compared|evaluated|investigated|studied|assessed|examined|sought|treated|tested|analy[sz]ed|"
    r"randomi[sz]ed|randomly|performed|conducted|chose|aimed|hypothesi[sz]ed)|to (?:determine|assess|evaluate"
    r"|compare|investigate|examine|study|test)|was (?:studied|evaluated|investigated|analy[sz]ed)|"
    r"were (?:studied|enrolled|randomi[sz]ed|randomly|included|treated|assigned|selected|evaluated|investigated"
    r"|allocated)|this was an?|study design|received)\b",
    re.IGNORECASE,
)
# "To compare A with B in patients with C.", "Efficacy and safety of A in patients with C": what this paper is about.
_OBJECTIVE = re.compile(
    r"^(?:objectives?:|aims?:|purpose:)?\s*to (?:compare|assess|evaluate|determine|investigate|examine|study|test"
    r"|explore|describe|establish|demonstrate|characteri[sz]e|analy[sz]e|identify|estimate)\b"
    r"|^(?:an? )?(?:randomi[sz]ed )?(?:comparisons?|efficacy|effects?|safety|evaluation|tolerability) (?:and \w+ )?of\b"
    r".*\bin (?:\w+ )?patients\b(?!.*\b(?:is|are|was|were|has|have)\b)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whose finding, and the reference it points to as the list prints it, or the name in the text."""

    attribution: Attribution
    cited_ref: str | None = None


_OWN_VERDICT = Verdict(Attribution.OWN)


class Attributor:
    """Verdicts for the sentences of one document."""

    def __init__(self, annotated: Annotated) -> None:
        self._document = annotated.document
        self._sentences = annotated.sentences
        self._verdicts = {
            index: _passage_verdicts(annotated, index) for index in range(len(annotated.document.passages))
        }

    def of(self, passage: int, position: int) -> Verdict:
        """The verdict on the sentence that holds `position` of passage number `passage`."""
        for span, verdict in self._verdicts.get(passage, ()):
            if span.start <= position < span.end:
                return verdict
        part = self._document.passages[passage].part
        return _OWN_VERDICT if part is not Part.REFERENCES else Verdict(Attribution.CITED)


def attributor_of(annotated: Annotated) -> Attributor:
    """The document's `Attributor`, made once: several steps ask for it one after the other."""
    if not _last or _last[0][0] is not annotated:
        _last[:] = [(annotated, Attributor(annotated))]
    return _last[0][1]


_last: list[tuple[Annotated, Attributor]] = []  # none or one


def attribute(annotated: Annotated, passage: int, position: int) -> Verdict:
    """One verdict; use `Attributor` for many."""
    return Attributor(annotated).of(passage, position)


def _passage_verdicts(annotated: Annotated, index: int) -> list[tuple[Span, Verdict]]:
    passage = annotated.document.passages[index]
    sentences = annotated.sentences[index] if index < len(annotated.sentences) else ()
    if passage.part in (Part.TITLE, Part.TABLE, Part.CAPTION, Part.FOOTNOTE):
        return [(span, _OWN_VERDICT) for span in sentences]
    opening = _opening_sentences(annotated.document, passage, sentences)
    verdicts: list[tuple[Span, Verdict]] = []
    previous: Verdict | None = None
    for number, span in enumerate(sentences):
        text = passage.text[span.start : span.end]
        verdict = _verdict(annotated.document, passage, span, number < opening, previous)
        verdicts.append((span, verdict))
        previous = verdict if verdict.attribution is not Attribution.OWN and not _OWN.search(text) else None
    return verdicts


def _opening_sentences(document: Document, passage: Passage, sentences: tuple[Span, ...]) -> int:
    """How many sentences at the start of an unlabelled abstract speak before the study does."""
    if passage.section is not None or passage.part is not Part.ABSTRACT or document.article_type is ArticleType.REVIEW:
        return 0
    for number, span in enumerate(sentences):
        text = passage.text[span.start : span.end]
        if (
            _AIM.search(text)
            or _OWN.search(text)
            or _OBJECTIVE.search(text)
            or re.search(
                rf"\b\d+ (?:\w+[ -]){{0,4}}{PEOPLE}"
                r"|\b(?:\d+|\w+)[- ](?:year|month|week|day)s?[- ]old\b",
                text,
            )
        ):
            return number
    return 0


def _verdict(document: Document, passage: Passage, span: Span, opening: bool, previous: Verdict | None) -> Verdict:
    text = passage.text[span.start : span.end]
    marks = [key for mark in passage.citations if span.start <= mark.position <= span.end for key in mark.keys]
    name = _ET_AL.search(text) or _AUTHOR_YEAR.search(text)
    own_words = _OWN.search(text) is not None and not _ABOUT_OTHERS.search(text)
    outside = opening or passage.section in (Section.BACKGROUND, Section.DISCUSSION)
    if name and not (own_words and passage.section in (Section.METHODS, Section.RESULTS, Section.CASE)):
        return Verdict(Attribution.CITED, _reference(document, marks, name))
    if passage.section in (Section.METHODS, Section.CASE) or (_OBJECTIVE.search(text) and not marks):
        return _OWN_VERDICT
    if passage.section is Section.RESULTS and not (_OTHERS.search(text) and marks and not own_words):
        return _OWN_VERDICT
    if previous and _FOLLOWS.search(text) and not own_words:
        return previous
    others = _OTHERS.search(text) is not None
    if own_words and not (others and marks):
        return (
            _OWN_VERDICT
            if not (others and outside and not _AIM.search(text))
            else Verdict(Attribution.CITED, _reference(document, marks, None))
        )
    if marks and (outside or others):
        return Verdict(
            Attribution.CITED if _NUMBERS.search(text) or others else Attribution.BACKGROUND,
            _reference(document, marks, None),
        )
    if others and (outside or (passage.section is None and passage.part is Part.BODY)):
        return Verdict(Attribution.CITED)
    if outside and not (passage.section is Section.DISCUSSION and _RESTATED.search(text)):
        return Verdict(Attribution.CITED if _NUMBERS.search(text) else Attribution.BACKGROUND)
    return _OWN_VERDICT


def _reference(document: Document, marks: list[str], name: re.Match[str] | None) -> str | None:
    """The reference list's text for the citation, else the author's name as printed."""
    by_key = {reference.key: reference for reference in document.references}
    for key in marks:
        if key in by_key:
            return by_key[key].text
    if name is None:
        return f"[{', '.join(marks)}]" if marks else None
    family = name.group("name").split()[-1].casefold()
    year = name.groupdict().get("year")
    for reference in document.references:
        if _same_author(reference, family) and (year is None or reference.year in (None, int(year))):
            return reference.text
    return name.group().strip("( ")


def _same_author(reference: Reference, family: str) -> bool:
    if reference.authors:
        return reference.authors[0].casefold().split()[-1] == family
    return reference.text.casefold().lstrip("0123456789. []").startswith(family)
