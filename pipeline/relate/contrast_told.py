"""What the pieces of a sentence say, outcome by outcome: what is said once holds for the pieces that follow.

Place in the flow: asked by `comparisons.py`, which makes rows of what is told here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.evidence import Direction, Mention
from pipeline.relate.contrast import Segment, Told, has_verb
from pipeline.relate.contrast_outcomes import Contrast, tested_outcomes, told_contrasts
from pipeline.relate.contrast_way import best_cue, direction_of, fallen, has_failed, is_none, of_change, way_of
from pipeline.relate.direction import Cue, is_correlation
from pipeline.relate.outcome_of import Outcome
from pipeline.relate.predicted import Predicted
from pipeline.relate.view import SentenceView, in_brackets, without_brackets
from pipeline.tag.people import PERSONS

# "was significantly (P = 0.01) higher": the test stands before the word.
_CUT_SHORT = re.compile(r"\b(?:was|were|is|are)\s(?:\w+ly\s)?[(\[][^()\[\]]*[)\]]?\s?\Z", re.IGNORECASE)
_ABSENT = re.compile(
    r"\bwithout\s(?:any\s|an?\s|(?:\w+ly\s)?(?:serious|severe|significant|major|further|other)\s)*\Z", re.I
)
# "fell after 4 (P < 0.05) |and 12 months": the same, at another time.
_NEXT_TIME = re.compile(
    r"[\s,]*(?:and\s)?(?:(?:at|after|by)\s)?\d+(?:\.\d+)?\s(?:minutes?|hours?|days?|weeks?|months?|years?)[\s,.;]*\Z",
    re.IGNORECASE,
)
# "fell to 4 (P < 0.05), |rising again to 5": still of what was tested.
_GOES_ON = re.compile(
    r"[\s,]*(?:and\s|but\s)?(?:(?:then|thereafter|subsequently|later)\s)?"
    r"(?:rising|falling|increasing|decreasing|declining|dropping|rose|fell)\b",
    re.IGNORECASE,
)
# "rose |in 3 of 20 patients", "a fall |in X in two cases".
_COUNTED = re.compile(
    r"[^,;.]{0,40}?\bin\s(?:only\s|just\s)?"
    r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|some|several|most|a few|half)\s+"
    rf"(?:of\s(?:the\s|these\s|our\s)?(?:\d+|\w+)|(?:\w+\s)?(?:{PERSONS}|cases?|eyes|rats|mice|dogs|animals)\b)",
    re.IGNORECASE,
)
_ONLY_AND = re.compile(
    r"[\s,]*(?:and|as well as)(?:\s|,|and\b|or\b|the\b|mean\b|in\b|of\b|also\b|both\b)*"
    r"(?:(?:than|versus|compared (?:with|to))\s(?:(?!(?:was|were|had|did|is|are)\b)[\w-]+\s?){1,6})?[.;]?\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Item:
    """One outcome of a sentence and the way it went; `said`: words elsewhere in the sentence that carry the verb."""

    outcome: Outcome
    direction: Direction | None
    window: Segment
    said: str


@dataclass(frozen=True, slots=True)
class Teller:
    """Reads the segments of one sentence in order: what is said once holds for the pieces that follow."""

    view: SentenceView
    options: tuple[Outcome, ...]
    told: Told
    cues: list[Cue]
    predicted: Sequence[Predicted] = ()

    def items(self, segments: Sequence[Segment]) -> Iterator[Item]:
        """What the segments say, outcome by outcome."""
        last: Cue | None = None
        spoken: tuple[Outcome, ...] = ()
        is_tested = False
        verb = ""
        for index, segment in enumerate(segments):
            inside = self._cues_in(segment)
            best = best_cue(inside)
            said = "" if best else verb
            if segment.p or segment.effect:
                lead = best or last
                if lead is None and (ahead := self._ahead(segments[index:])):
                    lead, said = ahead
                found = list(self._tested(segment, inside, lead, said))
            elif best is not None and not is_none(best) and (self._is_correlation(segment) or self._about(best)):
                continue  # "the fall in A was correlated with B" says nothing of the fall
            elif best is None and last is not None and _NEXT_TIME.match(self.view.between(segment.start, segment.end)):
                found = [Item(one, way_of(last, one, last.direction), segment, verb) for one in spoken]
            elif best is None and last is not None and is_tested and (also := self._only_named(segment)):
                found = [Item(one, way_of(last, one, last.direction), segment, verb) for one in also]
            else:
                goes_on = not is_tested or _GOES_ON.match(self.view.between(segment.start, segment.end))
                found = list(self._told(segment, inside, (best, last), spoken if goes_on else (), said))
            yield from found
            if found:
                spoken = tuple(one.outcome for one in found if one.window == found[-1].window)
                is_tested = segment.p is not None or segment.effect is not None
            verb = self.view.between(segment.start, segment.end) if best else verb
            last = best or last

    def _told(
        self,
        segment: Segment,
        inside: list[Cue],
        words: tuple[Cue | None, Cue | None],
        spoken: tuple[Outcome, ...],
        said: str,
    ) -> Iterator[Item]:
        """What a piece without a test says; `words`: its own direction word and the last one before it."""
        best, last = words
        if best is not None and is_none(best) and self._is_correlation(segment):
            inside = [best]  # "no correlation between the fall in A and B": nothing fell
        contrasts = told_contrasts(self.view, segment, inside, self.options, self.told)
        if best and not contrasts and spoken:
            contrasts = [Contrast(of_change(self.view, segment, best, last), spoken, segment)]
        for each in contrasts:
            is_named = any(segment.start <= one.start < segment.end for one in each.outcomes)
            if _COUNTED.match(without_brackets(self.view.between(self.view.start + each.cue.end, segment.end))):
                continue  # what some people had is a count of them
            cue = each.cue if is_named else of_change(self.view, segment, each.cue, last)
            for one in (fallen(self.view, named, each.cue) for named in each.outcomes):
                way = way_of(cue, one, cue.direction)
                if way is Direction.NO_DIFFERENCE or not _is_absent(self.view, one):
                    yield Item(one, way, each.segment, "reduction in " if each.is_change else said)

    def _only_named(self, segment: Segment) -> list[Outcome]:
        """ "lower A (P = 0.01) |and B.": the outcomes of a piece that holds nothing else."""
        named = [one for one in self.options if segment.start <= one.start and one.end <= segment.end]
        text = without_brackets(self.view.between(segment.start, segment.end))
        for one in named:
            text = text[: one.start - segment.start] + " " * (one.end - one.start) + text[one.end - segment.start :]
        told = [one for one in named if one.kind == "outcome" and not in_brackets(self.view, one.start)]
        joins = bool(named) and _ONLY_AND.fullmatch(text[: named[0].start - segment.start])
        return told if joins and _ONLY_AND.fullmatch(text) else []

    def _about(self, place: Cue | Mention | None) -> Predicted | None:
        """The outcome whose predictors are listed at a place of the sentence."""
        if place is None:
            return None
        start = self.view.start + place.start if isinstance(place, Cue) else place.start
        return next((one for one in self.predicted if one.start <= start < one.end), None)

    def _tested(self, segment: Segment, inside: list[Cue], lead: Cue | None, said: str) -> Iterator[Item]:
        test = segment.p or segment.effect
        if test and (about := self._about(test)):
            failed = has_failed(segment) or any(is_none(cue) for cue in inside)
            way = Direction.NO_DIFFERENCE if failed else about.direction(self.view, test, segment.start)
            yield Item(about.outcome, way, segment, "correlated with ")
            return
        direction = direction_of(self.view, segment, lead, self.told)
        outcomes = tested_outcomes(self.view, segment, inside, self.options, self.told)
        if segment.run and len(outcomes) in (1, len(segment.run)):
            each = outcomes if len(outcomes) > 1 else outcomes * len(segment.run)
            for (one, _), p in zip(each, segment.run, strict=True):
                way = direction_of(self.view, replace(segment, p=p), lead, self.told)
                yield Item(one, way_of(lead, one, way), replace(segment, p=p), said)
            return
        for named, has_test in outcomes:
            one = fallen(self.view, named, lead)
            if has_test:
                yield Item(one, way_of(lead, one, direction), segment, said)
            elif lead is not None:
                yield Item(one, way_of(lead, one, lead.direction), replace(segment, p=None, effect=None), said)

    def _cues_in(self, segment: Segment) -> list[Cue]:
        inside = [cue for cue in self.cues if segment.start <= self.view.start + cue.start < segment.end]
        if segment.p is None:
            return inside
        low, high = segment.p.start - self.view.start, segment.p.end - self.view.start
        return [cue for cue in inside if cue.end <= low or high <= cue.start]  # "(not significant)" is the test

    def _is_correlation(self, segment: Segment) -> bool:
        return is_correlation(self.view.between(segment.start, segment.end), tested=True)

    def _ahead(self, segments: Sequence[Segment]) -> tuple[Cue, str] | None:
        """ "A (P = 0.01) and B (P = 0.02) were higher": the verb follows its tests."""
        for number, segment in enumerate(segments):
            text = self.view.between(segment.start, segment.end)
            if number and (best := best_cue(self._cues_in(segment))):
                return best, text
            if (has_verb(without_brackets(text)) and not _CUT_SHORT.search(text)) or ";" in text:
                return None
        return None


def _is_absent(view: SentenceView, outcome: Outcome) -> bool:
    """ "improved without serious adverse effects": what was not there went nowhere."""
    return _ABSENT.search(view.between(view.start, outcome.start)) is not None
