"""Sentences with their mentions, the drugs merged: what the rules of `relate` read.

Place in the flow: the first step of `relate`; every other file of the package starts from `sentence_views`.

All offsets are offsets of the passage's text, not of the sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.document import Part, Section
from pipeline.evidence import Annotated, Assertion, Label, Mention

# Words after a drug's name that say the drug is not what was given here.
_NOT_GIVEN_AFTER = re.compile(
    r"^[\s-]*(?:\([^()]{1,20}\)\s*)?-?\s*(?:(?:or|and)\s+-?\w+[\s-]+)?(?P<kind>resistan\w*|intoleran\w*|refractory"
    r"|na[iï]ve|dependen\w*|sensitiv\w*|"
    r"responsive\w*|unresponsive\w*|experienced|nephrotoxicity|toxicity|-?free\b|-?sparing|avoidance|levels?\b"
    r"|concentrations?|"
    r"trough|exposure|-?induced|metabolism|receptors?|antibod\w+|failure)",
    re.IGNORECASE,
)
_NOT_GIVEN_BEFORE = re.compile(
    r"(?P<kind>resistan\w+ to|intoleran\w+ to|refractory to|no response to|fail\w* (?:to respond to|of|on)?"
    r"|respon\w+ to|levels? of|concentrations? of|exposure to|"
    r"pharmacokinetics of|clearance of|without(?: the)?(?: use of)?|but no|not (?:receiv\w+|taking|treated with"
    r"|given)|instead of|"
    r"contraindicat\w+ (?:to|for)|allerg\w+ to|(?:does|did) not receive)\s+(?:\w+[\s-]+){0,3}$",
    re.IGNORECASE,
)
_FAILED = re.compile(r"resist|intoler|refract|unrespons|no response|fail|experienced", re.IGNORECASE)
_ABSENT = re.compile(r"without|no$|not|free|sparing|avoid|instead|contraind|allerg|na[iï]ve", re.IGNORECASE)
_STOPPED_AFTER = re.compile(
    r"^\s*(?:\w+\s+){0,3}(?:were|was|had been|been|is)\s+(?:\w+ly\s+|then\s+|tapered and\s+)?(?:stopped"
    r"|discontinued|withdrawn|suspended|ceased|interrupted|omitted)",
    re.IGNORECASE,
)
_STOPPED_BEFORE = re.compile(
    r"(?:after|following|upon)?\s*(?:stopping|discontinu(?:ing|ation of)|cessation of|withdraw(?:al of"
    r"|ing))\s+(?:the\s+)?(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DrugHit:
    """A drug in a sentence; "cyclosporine (CsA)" is one hit.

    `use` is "given", "failed" (resistant to it), "absent" (without it), "stopped" or "measured" (its level,
    its toxicity).
    """

    name: str
    concept_id: str | None
    start: int
    end: int
    text: str
    use: str = "given"


@dataclass(frozen=True, slots=True)
class SentenceView:
    """One sentence of one passage with its mentions. `ordinal` counts the sentences of the whole document."""

    ordinal: int
    passage: int
    start: int
    end: int
    text: str
    part: Part
    section: Section | None
    mentions: tuple[Mention, ...]
    drugs: tuple[DrugHit, ...]

    def of(self, *labels: Label) -> list[Mention]:
        """Mentions with one of `labels`, in text order."""
        return [mention for mention in self.mentions if mention.label in labels]

    def between(self, low: int, high: int) -> str:
        """The text from passage offset `low` to `high`."""
        return self.text[max(0, low - self.start) : max(0, high - self.start)]

    @property
    def doses(self) -> list[Mention]:
        """Dose mentions that are amounts given."""
        return [mention for mention in self.of(Label.DOSE) if not (mention.dose and mention.dose.is_target)]

    @property
    def targets(self) -> list[Mention]:
        """Dose mentions that are drug levels aimed at."""
        return [mention for mention in self.of(Label.DOSE) if mention.dose and mention.dose.is_target]

    @property
    def given(self) -> tuple[DrugHit, ...]:
        """Drugs that the sentence speaks of as given."""
        return tuple(drug for drug in self.drugs if drug.use == "given")


def sentence_views(annotated: Annotated) -> tuple[SentenceView, ...]:
    """Sentences of the running text (title, abstract, body), in reading order."""
    by_passage: dict[int, list[Mention]] = {}
    for mention in annotated.mentions:
        by_passage.setdefault(mention.passage, []).append(mention)
    views: list[SentenceView] = []
    for index, passage in enumerate(annotated.document.passages):
        if passage.part not in (Part.TITLE, Part.ABSTRACT, Part.BODY) or passage.language != "en":
            continue
        mentions = by_passage.get(index, [])
        for span in annotated.sentences[index] if index < len(annotated.sentences) else ():
            inside = tuple(mention for mention in mentions if span.start <= mention.start and mention.end <= span.end)
            text = passage.text[span.start : span.end]
            views.append(
                SentenceView(
                    len(views), index, span.start, span.end, text, passage.part, passage.section, inside,
                    drug_hits(passage.text, inside, annotated.abbreviations),
                )
            )  # fmt: skip
    return tuple(views)


def drug_hits(text: str, mentions: tuple[Mention, ...], abbreviations: dict[str, str]) -> tuple[DrugHit, ...]:
    """The drugs among `mentions` with their use; a name and its short form in brackets become one."""
    hits: list[DrugHit] = []
    for mention in mentions:
        if mention.label is not Label.DRUG or (hits and mention.start < hits[-1].end):
            continue
        name = drug_name(mention, abbreviations)
        concept_id = mention.concept.id if mention.concept else None
        if hits and hits[-1].name == name and re.fullmatch(r"\s*[(\[,]\s*", text[hits[-1].end : mention.start]):
            close = mention.end + 1 if text[mention.end : mention.end + 1] in (")", "]") else mention.end
            last = hits.pop()
            hits.append(
                DrugHit(
                    name,
                    last.concept_id or concept_id,
                    last.start,
                    close,
                    last.text,
                    _use(text, mention, last.start, close),
                )
            )
        else:
            hits.append(
                DrugHit(
                    name,
                    concept_id,
                    mention.start,
                    mention.end,
                    mention.text,
                    _use(text, mention, mention.start, mention.end),
                )
            )
    return tuple(hits)


def _use(text: str, mention: Mention, start: int, end: int) -> str:
    before, after = text[max(0, start - 60) : start], text[end : end + 60]
    before = re.split(r"[.;]\s", before)[-1]
    if match := _NOT_GIVEN_AFTER.match(after) or _NOT_GIVEN_BEFORE.search(before):
        kind = match.group("kind")
        if _FAILED.search(kind):
            return "failed"
        return "absent" if _ABSENT.search(kind) else "measured"
    if _STOPPED_AFTER.match(after) or _STOPPED_BEFORE.search(before):
        return "stopped"
    return "absent" if mention.assertion is Assertion.NEGATED else "given"


def drug_name(mention: Mention, abbreviations: dict[str, str]) -> str:
    """The generic name in lower case: the concept's, else the expanded text's."""
    if mention.concept and mention.concept.name:
        return mention.concept.name.lower()
    return _plain(abbreviations.get(mention.text, mention.text))


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"-\s*\n\s*", "", text)).strip().lower()


def without_brackets(text: str) -> str:
    """`text` with bracketed asides blanked out (same length)."""
    previous = None
    while previous != text:
        previous = text
        text = re.sub(r"[(\[][^()\[\]]*[)\]]", lambda match: " " * len(match.group()), text)
    return text
