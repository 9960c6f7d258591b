"""Sentences with their mentions, the drugs merged: what the rules of `relate` read.

Place in the flow: the first step of `relate`; every other file of the package starts from `sentence_views`.

All offsets are offsets of the passage's text, not of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.document import Part, Section
from pipeline.evidence import Annotated, Assertion, Label, Mention
from pipeline.link import ancestors, descendants
from pipeline.tag.people import PEOPLE

_INACTIVE = ("vehicle", "saline vehicle", "dummy")
# Words after a drug's name that say the drug is not what was given here.
_NOT_GIVEN_AFTER = re.compile(
    r"^[\s-]*(?:\([^()]{1,20}\)\s*)?-?\s*(?:(?:or|and)\s+-?\w+[\s-]+)?(?P<kind>resistan\w*|intoleran\w*|refractory"
    r"|na[iï]ve|dependen\w*|sensitiv\w*|"
    r"responsive\w*|unresponsive\w*|experienced|nephrotoxicity|toxicity|-?free\b|-?sparing|avoidance|levels?\b"
    r"|concentrations?|"
    r"trough|exposure|-?(?:induced|stimulated|mediated|evoked)|metabolism|receptors?|deposits?|deposition|subtypes?|antibod\w+|failure)",
    re.IGNORECASE,
)
_NOT_GIVEN_BEFORE = re.compile(
    r"(?P<kind>resistan\w+ to|intoleran\w+ to|refractory to|no response to|fail\w* (?:to respond to|of|on)?"
    r"|(?<!in )respon\w+ to|levels? of(?:(?! in) \w+,?)*|concentrations? of|exposure to|"
    r"pharmacokinetics of|clearance of|without(?: the)?(?: use of)?|but no|not (?:receiv\w+|taking|treated with"
    r"|given)|instead of|"
    r"contraindicat\w+ (?:to|for)|allerg\w+ to|(?:does|did) not receive)\s+(?:\w+[\s-]+){0,3}$",
    re.IGNORECASE,
)
_FAILED = re.compile(r"resist|intoler|refract|unrespons|no response|fail|experienced", re.IGNORECASE)
_ABSENT = re.compile(r"without|no$|not|free|sparing|avoid|instead|contraind|allerg|na[iï]ve", re.IGNORECASE)
# "but not in patients on A": nothing happened in them, but they got A.
_NO = re.compile(
    r"\b(?:no|(?<!but )not(?! (?:in|with|by|for|among|after|during)\b)|without|never|nor|neither)\b", re.IGNORECASE
)
# "no patient on A", "no relapses were seen with A": A was given, what happened under it is denied.
_OF_OTHERS = re.compile(
    r"\b(?:no|none|never|not)\s(?!(?:on|given|treated|taking|receiving)\b)(?!(?:\w+\s){0,2}?(?:treatments?|therapy|use|exposure"
    r"|need|administration|doses?|medication|received?)\b)[^,;]*\b(?:with|on|in|of|during|after|given|receiving|under|among|by)\s(?:the\s)?\Z",
    re.IGNORECASE,
)
_NON = re.compile(r"\bnon-?\Z", re.IGNORECASE)  # "non-ACE inhibitor treatment"
_STOPPED_AFTER = re.compile(
    r"^\s*(?:(?!and\b)\w+\s+){0,3}(?:were|was|had been|been|is)\s+(?:\w+ly\s+|then\s+|tapered and\s+)?(?:stopped"
    r"|discontinued|withdrawn|suspended|ceased|interrupted|omitted)",
    re.IGNORECASE,
)
_STOPPED_BEFORE = re.compile(
    r"(?:after|following|upon)?\s*(?:stopping|discontinu(?:ing|ation of)|cessation of|withdraw(?:al of"
    r"|ing))\s+(?:the\s+)?(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
# "heart transplant recipients (HTRs)": a short form of people is no outcome.
_PEOPLE = re.compile(
    rf"\b(?:{PEOPLE}|controls|rats|mice|survivors|donors)\Z",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"[(\[][^()\[\]]*[)\]]")


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
        low, high = low - self.start, high - self.start
        return self.text[low if low > 0 else 0 : high if high > 0 else 0]

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
    """Sentences of the running text (title, abstract, body), in reading order; made once for the steps that ask."""
    if not _last or _last[0][0] is not annotated:
        _last[:] = [(annotated, _sentence_views(annotated))]
    return _last[0][1]


_last: list[tuple[Annotated, tuple[SentenceView, ...]]] = []  # none or one


def _sentence_views(annotated: Annotated) -> tuple[SentenceView, ...]:
    by_passage: dict[int, list[Mention]] = {}
    people = {short for short, words in annotated.abbreviations.items() if _PEOPLE.search(words)}
    for mention in annotated.mentions:
        if mention.label is not Label.OUTCOME or mention.text not in people:
            by_passage.setdefault(mention.passage, []).append(mention)
    known = DrugNames(annotated)
    views: list[SentenceView] = []
    for index, passage in enumerate(annotated.document.passages):
        if passage.part not in (Part.TITLE, Part.ABSTRACT, Part.BODY) or passage.language != "en":
            continue
        mentions = by_passage.get(index, [])
        drugs = drug_hits(index, passage.text, [one for one in mentions if one.label is Label.DRUG], known)
        for span in annotated.sentences[index] if index < len(annotated.sentences) else ():
            views.append(
                SentenceView(
                    len(views), index, span.start, span.end, passage.text[span.start : span.end], passage.part,
                    passage.section, tuple(one for one in mentions if span.start <= one.start and one.end <= span.end),
                    tuple(one for one in drugs if span.start <= one.start and one.end <= span.end),
                )
            )  # fmt: skip
    return tuple(views)


class DrugNames:
    """What the drug words of one document stand for.

    A class counts as its member where the paper names one member only ("converting enzyme inhibition (lisinopril)").
    Steroids and immunosuppressants stay apart: a paper that names prednisolone may mean other steroids by the class.
    """

    def __init__(self, annotated: Annotated) -> None:
        self._abbreviations = annotated.abbreviations
        concepts = {
            one.concept.id: one.concept.name.lower() for one in annotated.mentions if _linked(one) and one.concept
        }
        self._members: dict[str, list[str]] = {}
        for concept_id in concepts:
            for ancestor in ancestors(concept_id) if concept_id else ():
                if ancestor in concepts:
                    self._members.setdefault(ancestor, []).append(concept_id or "")
        self._concepts = {key: name for key, name in concepts.items() if key}
        self.short_forms: dict[str, tuple[str, str | None]] = {}
        self.short_forms = dict(self._short_forms(annotated))

    def of(self, mention: Mention) -> tuple[str, str | None]:
        """Name and concept id of a drug mention."""
        if mention.text in self.short_forms:
            return self.short_forms[mention.text]
        concept = mention.concept
        if concept is None or not concept.name:
            return _plain(self._abbreviations.get(mention.text, mention.text)), None
        if concept.name.lower() in _INACTIVE:
            return "placebo", None  # the bare vehicle is the other side of a trial as a placebo is
        members = self._members.get(concept.id or "", [])
        if len(members) == 1 and re.search(r"(?:inhibitor|blocker|antagonist|agonist|gliptin|statin)s?$", concept.name):
            return self._concepts[members[0]], members[0]
        return concept.name.lower(), concept.id

    def is_kind_of(self, member: str | None, group: str | None) -> bool:
        """Whether concept `member` is one of the class `group`."""
        return member is not None and group is not None and group in ancestors(member)

    def _short_forms(self, annotated: Annotated) -> Iterator[tuple[str, tuple[str, str | None]]]:
        """Short forms that stand in brackets behind a drug: "enalapril (E)"; "A/B (AB)" is no short form of B."""
        last: Mention | None = None
        for mention in annotated.mentions:
            if mention.label is not Label.DRUG:
                continue
            text = annotated.document.passages[mention.passage].text
            match = re.match(r"\s*\(([A-Z][A-Za-z0-9-]{0,6})\)", text[mention.end : mention.end + 12])
            if match and not _is_combined(text, last, mention, match.group(1)):
                yield match.group(1), self.of(mention)
            last = mention


def _is_combined(text: str, last: Mention | None, mention: Mention, short: str) -> bool:
    """Whether a short form behind two joined drugs names both."""
    if last is None or last.passage != mention.passage or short[0].lower() == mention.text[0].lower():
        return False
    joined = re.fullmatch(r"\s*(?:/|\+|-|plus|and|with)\s*", text[last.end : mention.start], re.IGNORECASE)
    return joined is not None and short[0].lower() == last.text[0].lower()


def _linked(mention: Mention) -> bool:
    return mention.label is Label.DRUG and mention.concept is not None and mention.concept.id is not None


def drug_hits(passage: int, text: str, mentions: Sequence[Mention], known: DrugNames) -> tuple[DrugHit, ...]:
    """The drugs of a passage with their use; a name and its short form, or a class and its member, become one."""
    hits: list[DrugHit] = []
    for mention in _with_short_forms(passage, text, mentions, known):
        if hits and mention.start < hits[-1].end:
            continue
        name, concept_id = known.of(mention)
        hit = DrugHit(name, concept_id, mention.start, mention.end, mention.text)
        last = hits[-1] if hits else None
        gap = text[last.end : mention.start] if last else ""
        if (
            last
            and re.fullmatch(r"\s*(?:[(\[,]|with|by)?\s*", gap)
            and (
                last.name == name
                or (gap.strip() in ("(", "[", "", "by", "with") and known.is_kind_of(concept_id, last.concept_id))
                or (
                    gap == " " and concept_id is None and descendants(last.concept_id or "")
                )  # "the antagonist XY 3090"
            )
        ):
            closes = gap.strip() in ("(", "[") and text[mention.end : mention.end + 1] in (")", "]")
            close = mention.end + closes
            hits[-1] = replace(hit, start=last.start, end=close, text=last.text if last.name == name else mention.text)
        else:
            hits.append(hit)
    negated = {mention.start for mention in mentions if mention.assertion is Assertion.NEGATED}
    return tuple(replace(hit, use=_use(text, hit.start, hit.end, negated=hit.start in negated)) for hit in hits)


def _with_short_forms(passage: int, text: str, mentions: Sequence[Mention], known: DrugNames) -> list[Mention]:
    """Mentions, and the places of short forms that no mention covers."""
    taken = {position for mention in mentions for position in range(mention.start, mention.end)}
    found = list(mentions)
    for short in known.short_forms:
        behind = r"(?![\w.-])" if len(short) == 1 else r"\b"
        for match in re.finditer(rf"(?<![\w-])(?<!vitamin )(?<!group ){re.escape(short)}(?![\w-]){behind}", text):
            if match.start() not in taken:
                found.append(Mention(passage, Label.DRUG, match.start(), match.start() + len(short), short, ""))
    return sorted(found, key=lambda one: (one.start, -one.end))


def _use(text: str, start: int, end: int, *, negated: bool) -> str:
    before, after = text[max(0, start - 60) : start], text[end : end + 60]
    before = re.split(r"[.;]\s", before)[-1]
    if _NON.search(before):
        return "absent"
    if match := _NOT_GIVEN_AFTER.match(after) or _NOT_GIVEN_BEFORE.search(before):
        kind = match.group("kind")
        if _FAILED.search(kind):
            return "failed"
        return "absent" if _ABSENT.search(kind) else "measured"
    if _STOPPED_AFTER.match(after) or _STOPPED_BEFORE.search(before):
        return "stopped"
    return "absent" if negated and _NO.search(before[-40:]) and not _OF_OTHERS.search(before) else "given"


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"-\s*\n\s*", "", text)).strip().lower()


def without_brackets(text: str) -> str:
    """`text` with bracketed asides blanked out (same length)."""
    previous = None
    while previous != text and ("(" in text or "[" in text):
        previous = text
        text = _BRACKETED.sub(lambda match: " " * len(match.group()), text)
    return text


def in_brackets(view: SentenceView, position: int) -> bool:
    """Whether `position` stands inside brackets of its sentence."""
    before = view.between(view.start, position)
    return before.count("(") + before.count("[") > before.count(")") + before.count("]")


def without_schedule(view: SentenceView, low: int, high: int) -> str:
    """The text between two drugs with doses, routes, frequencies and durations blanked out."""
    letters = list(view.between(low, high))
    for mention in view.of(Label.DOSE, Label.FREQUENCY, Label.ROUTE, Label.DURATION):
        if low <= mention.start and mention.end <= high:
            letters[mention.start - low : mention.end - low] = " " * (mention.end - mention.start)
    return "".join(letters)
