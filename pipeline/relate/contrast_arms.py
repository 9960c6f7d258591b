"""Which arms a contrast is about: two arms against each other, or one arm over time.

Place in the flow: asked by `comparisons.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from pipeline.evidence import Direction
from pipeline.relate.contrast import Segment, Told
from pipeline.relate.contrast_way import RATIOS
from pipeline.relate.direction import find_cues, is_between_arms, is_correlation, is_over_time, names_baseline
from pipeline.relate.findings import is_from_to
from pipeline.relate.placed import Named, Resolver
from pipeline.relate.view import SentenceView, without_brackets
from pipeline.tag.people import PEOPLE

_AGAINST = re.compile(
    r"\b(?:than|compared (?:with|to)|as compared (?:with|to)|comparison (?:with|to)|versus"
    r"|vs\.?|over|relative to|as)\s(?:[\w-]+\s){0,4}\Z",
    re.IGNORECASE,
)
_BOTH = re.compile(
    r"\b(?:both|all|each|either|two|three|studied)\s(?:\w+\s)?(?:groups?|arms?|treatments?|treatment groups"
    r"|drugs?|medications?|study groups|regimens?)\b|\b(?:study|treatment) groups\b",
    re.IGNORECASE,
)
# Between the names of a list, each of which is set against what follows.
_LISTED = re.compile(r"\s?(?:,|/|,?\s?(?:and|or|as well as))\s?(?:[\w-]+\s){0,3}", re.IGNORECASE)
# What is said of each drug, not of one against the other.
_NEITHER = re.compile(
    r"\bneither (?:of the )?(?:two )?(?:drugs?|treatments?|agents?|antihypertensives?|regimens?|medications?)\b"
    r"[^.;]{0,30}\b(?:effects?|affect\w*|influence\w*|alter\w*|modif\w+|change\w*)\b",
    re.IGNORECASE,
)
# Groups that differ in what people are or have, not in what they got.
_OTHER_GROUPS = re.compile(
    r"\bwith (?:and|or|than|versus|vs\.?) without\b|\bthan (?:in )?(?:the )?(?:\d+ )?"
    rf"(?:those|{PEOPLE}) (?:with(?:out)?|having)\b"
    rf"|\bcompared (?:with|to) (?:those|{PEOPLE}) with(?:out)?\b|\bpatients without\b"
    rf"|\bbetween (?:the )?(?:those|{PEOPLE}) with\b"
    rf"|(?:frequent|common|often|frequently|commonly) in (?:the )?(?:those|{PEOPLE}) with\b"
    r"|\b(?:regression|multivariate|univariate\w*|independent(?:ly)? (?:predict\w+|associated|risk)"
    r"|risk factors? (?:for|of))\b"
    r"|\b(?:genotypes?|polymorphisms?|alleles?|(?:tert|quart|quint|dec)iles?|strat(?:um|a))\b"
    r"|\b(?:was|were) predicted by\b"
    rf"|\b(?:older|younger|male|female|elderly|black|white) {PEOPLE}"
    r"|\b(?:males and females|men and women|healthy (?:controls?|subjects|volunteers)|survivors|non-?responders)\b",
    re.IGNORECASE,
)
# "the change in X from baseline was 5 with A and 9 with B": the changes are compared, not each with the baseline.
_CHANGE_FROM = re.compile(
    r"\b(?:change|increase|decrease|reduction|rise|fall|decline|improvement)s?\s(?:in|of)\s[^,;]{2,60}?\sfrom\s(?:the\s)?baseline\b"
    r"|\b(?:compared (?:with|to)|from)\s(?:the\s)?baseline\b(?=.*\b(?:versus|vs|compared (?:with|to)|than)\b)",
    re.IGNORECASE,
)
_IN_THREE = re.compile(
    r"\b(?:between|among|amongst|in|across)\s(?:the\s|all\s)*(?:three\s|3\s)?(?:study\s|treatment\s)?(?:groups|arms|regimens|treatments)\b",
    re.IGNORECASE,
)
_SIGNIFICANT = 0.05
_ALIKE = 0.2  # of the greater of two changes: they hardly differ
_PREDICTS = re.compile(r"\b(?:associat|predict|correlat|risk factor)", re.IGNORECASE)
_MOST = 4  # arms that "in all groups" makes rows for
# "A significantly lowered X": the drug does it.
_ACTS = re.compile(
    r"\s(?:(?!(?:was|were|is|are|had|has|did|group|and|or|but|than|with|patients)\b)[\w-]+\s){0,6}?"
    r"(?:(?:lower|reduc|decreas|increas|rais|improv|prevent|attenuat|slow|enhanc|diminish|suppress|inhibit|worsen|ameliorat"
    r"|normali[sz]|produc|induc|caus|conferr?|provid)(?:s|es|ed|d)?|led to|resulted in)\s"
    r"(?!(?:in|by|from|to|with|at|on|during|after|over|and|was|were)\b)",
    re.IGNORECASE,
)
# "X was lowered by A and B".
_ACTED = re.compile(
    r"\b(?:lower|reduc|decreas|increas|rais|improv|prevent|attenuat|enhanc|suppress|inhibit|worsen|ameliorat|affect|alter|influenc"
    r"|chang)\w*\sby\s(?:(?:the|both|either|all)\s)?(?:[\w/-]+(?:,|\sand|\sor|,\sand|,\sor)\s)*\Z",
    re.IGNORECASE,
)
# "most pronounced with A": against every other arm.
_UTMOST = re.compile(
    r"\b(?:most (?:pronounced|marked|effective|frequent|common|prominent|potent)|greatest|highest|lowest|largest|best"
    r"|longest|shortest|smallest)\s(?:[\w-]+\s){0,3}?(?:in|with|by|for|on|after|during)\b",
    re.IGNORECASE,
)
_NEAR = 4  # characters between a number and its own test: "464 (P < 0.001)"


@dataclass(frozen=True, slots=True)
class Sides:
    """The arms of one row; `arm_b` is None for a change over time.

    `tested`, `directed`: whether the segment's test and direction are of these two.
    """

    arm_a: str | None
    arm_b: str | None
    tested: bool = True
    directed: bool = True


@dataclass(frozen=True, slots=True)
class ContrastArms:
    """Chooses the arms of contrasts in one paper. `main` are the compared arms, interventions first.

    `phases`: the arms are phases of single patients, which are contrasted only where both are named. `control`: the one
    compared arm that got no drug, which a lone name of several is set against. `off` and
    `before`: the states of the one compared arm after its treatment was stopped and before it began.
    """

    resolver: Resolver
    main: tuple[str, ...]
    phases: bool = False
    control: str | None = None
    off: str | None = None
    before: str | None = None

    def of(
        self, view: SentenceView, segment: Segment, hits: Sequence[Named], told: Told, said: str = ""
    ) -> list[Sides]:
        """The sides of each row. `said`: words elsewhere in the sentence, if they carry the verb."""
        if not (sides := self._moved(view, segment, hits, told)):
            pairs = self._of_ratio(view, segment, hits) or self._pairs(view, segment, hits, told, said)
            sides = [Sides(*pair) for pair in pairs]
        return [self._off_treatment(view, segment, one) for one in sides]

    def _off_treatment(self, view: SentenceView, segment: Segment, sides: Sides) -> Sides:
        """ "It resolved after A was stopped": the state off A against the one on it, no change over time."""
        if self.before is not None and self.before in (sides.arm_a, sides.arm_b):
            return replace(sides, arm_a=self.main[0], arm_b=None)  # against the time before: a change
        if self.off is None or sides.arm_b is not None or len(self.main) != 1:
            return sides
        told_off = self.resolver.off_treatment(view, segment.start, segment.end) == self.off
        if sides.arm_a != self.off and not (told_off and sides.arm_a == self.main[0]):
            return sides
        return replace(sides, arm_a=self.off, arm_b=self.main[0])

    def _moved(self, view: SentenceView, segment: Segment, hits: Sequence[Named], told: Told) -> list[Sides]:
        """ "from 5 to 3 in A and from 6 to 5 in B (P = 0.02)": a change in each arm, and a test of A against B."""
        found: list[tuple[str | None, int]] = []
        indexes = told.inside(segment)
        for index in indexes:
            if index + 1 in indexes and is_from_to(view, told.findings[index], told.findings[index + 1]):
                arms = told.placed[index].arm_ids or (None,)
                found += [(arm_id, told.findings[index + 1].end) for arm_id in arms if arm_id not in dict(found)]
        if not found or segment.p is None:
            return [Sides(arm_id, None) for arm_id, _ in found]
        behind = [hit for hit in hits if segment.p.end <= hit.start < segment.end and self._is_against(view, hit)]
        changes = [Sides(arm_id, None, tested=False) for arm_id, _ in found]
        if behind and found[0][0] != behind[-1].arm_ids[0]:
            return [*changes, Sides(found[0][0], behind[-1].arm_ids[0], directed=False)]
        if behind and len(behind[-1].arm_ids) == 1 and self.main and found[0][0] in self.main:
            other = next((arm_id for arm_id in self.main if arm_id != found[0][0]), None)
            return [*changes, Sides(other, found[0][0], directed=False)]
        if len(found) == 2 and None not in dict(found) and not _is_test_of_changes(view, segment, told):
            return [*changes, Sides(found[0][0], found[1][0], directed=False)]
        return [Sides(arm_id, None) for arm_id, _ in found]

    def _of_ratio(
        self, view: SentenceView, segment: Segment, hits: Sequence[Named]
    ) -> list[tuple[str | None, str | None]]:
        """A hazard, odds or risk ratio beside no arm's name compares the two arms, whatever rose or fell over time."""
        effect = segment.effect.statistic if segment.effect else None
        if effect is None or effect.effect_measure not in RATIOS or hits or len(self.main) != 2 or self.phases:
            return []
        return [] if _OTHER_GROUPS.search(view.text) or _PREDICTS.search(view.text) else [(self.main[0], self.main[1])]

    def _pairs(
        self, view: SentenceView, segment: Segment, hits: Sequence[Named], told: Told, said: str
    ) -> list[tuple[str | None, str | None]]:
        indexes = told.inside(segment)
        inside = [hit for hit in hits if segment.start <= hit.start < segment.end] or list(hits)
        named = list(dict.fromkeys(arm_id for hit in inside for arm_id in hit.arm_ids))
        valued = list(dict.fromkeys(arm_id for index in indexes for arm_id in told.placed[index].arm_ids))
        text = said + view.between(segment.start, segment.end)
        if is_correlation(text, tested=segment.p is not None or segment.effect is not None):
            if self._is_of_each(view.text):
                return [(arm_id, None) for arm_id in self.main[:_MOST]]
            return [(named[0] if named else self._default(view, segment), None)]
        opposed = len(named) > 1 and any(self._is_against(view, hit) for hit in inside)
        flat = " ".join(without_brackets(text).split())
        text = flat if names_baseline(flat) else text
        against = [arm_id for hit in inside if self._is_against(view, hit) for arm_id in hit.arm_ids]
        pair = None
        if len(valued) == 2:
            pair = self._in_order(told.findings[indexes[0]].start, inside, (valued[0], valued[1]), against)
        if pair and len(indexes) == 2 and segment.p is not None and not names_baseline(_CHANGE_FROM.sub("", flat)):
            return [pair]
        if is_over_time(text) and not is_between_arms(text) and not opposed and not self._is_utmost(view):
            arms = self._changed(view, segment, text, valued or named)
            if self.control and self.control not in arms and self._acts(view, segment, inside):
                return [(arm_id, self.control) for arm_id in arms]
            return [(arm_id, None) for arm_id in arms]
        if pair is not None:
            return [pair]
        if len(valued) == 1 and segment.p is not None and _is_own_test(told, segment, valued[0]):
            return [(valued[0], None)]
        if _NEITHER.search(text) and not self.phases:
            return [(arm_id, self.control) for arm_id in self.main[:3] if arm_id != self.control]
        if not hits and _OTHER_GROUPS.search(view.between(segment.start, segment.end)):
            return [(None, None)]
        if self._is_alike_in_three(text, inside):
            return list(combinations(self.main, 2))
        return self._each_against(view, inside, against) or [self._against(view, segment, inside, named)]

    @staticmethod
    def _in_order(
        start: int, inside: Sequence[Named], pair: tuple[str, str], against: Sequence[str]
    ) -> tuple[str, str]:
        """ "B rose with A (3 with placebo, 4 with A)": the side that the sentence is about comes first."""
        about = [arm_id for hit in inside if hit.end <= start for arm_id in hit.arm_ids if arm_id not in against]
        swapped = pair[0] in against or (bool(about) and about[0] == pair[1] and pair[0] not in about)
        return (pair[1], pair[0]) if swapped and pair[1] not in against else pair

    def _is_utmost(self, view: SentenceView) -> bool:
        return len(self.main) in (3, 4) and _UTMOST.search(view.text) is not None

    def _acts(self, view: SentenceView, segment: Segment, inside: Sequence[Named]) -> bool:
        """ "A lowered X" beside a control: what A does is what the control did not; "X fell with A" is over time."""
        return any(
            _ACTS.match(view.between(hit.end, segment.end)) or _ACTED.search(view.between(segment.start, hit.start))
            for hit in inside
        )

    def _each_against(
        self, view: SentenceView, inside: Sequence[Named], against: Sequence[str]
    ) -> list[tuple[str | None, str | None]]:
        """ "A or B compared with placebo", "all three drugs, compared with placebo": a row for each of them."""
        if self.phases:
            return []
        rest = [arm_id for hit in inside for arm_id in hit.arm_ids if len(hit.arm_ids) == 1 and arm_id not in against]
        lone = list(dict.fromkeys(hit.arm_ids[0] for hit in inside if len(hit.arm_ids) == 1))
        if len(lone) == 1 and (len(set(against)) > 2 or (len(set(against)) == 2 and rest) or self._is_utmost(view)):
            others = against if len(set(against)) > 1 else self.main  # "more than either drug alone", "most with A"
            return [(lone[0], arm_id) for arm_id in dict.fromkeys(others) if arm_id != lone[0]]
        if len(set(against)) != 1:
            return []
        sides = [hit for hit in inside if against[0] not in hit.arm_ids or len(hit.arm_ids) > 1]
        listed = all(_LISTED.fullmatch(view.between(one.end, two.start)) for one, two in pairwise(sides))
        arms = list(dict.fromkeys(arm_id for hit in sides for arm_id in hit.arm_ids if arm_id != against[0]))
        return [(arm_id, against[0]) for arm_id in arms] if listed and len(arms) > 1 else []

    def _is_alike_in_three(self, text: str, inside: Sequence[Named]) -> bool:
        """ "did not differ among the three groups": no two of them differ."""
        is_named = any(len(hit.arm_ids) == 1 for hit in inside)
        is_alike = any(cue.direction is Direction.NO_DIFFERENCE for cue in find_cues(text))
        return len(self.main) == 3 and not is_named and not self.phases and is_alike and bool(_IN_THREE.search(text))

    def _is_of_each(self, text: str) -> bool:
        """ "in both groups": told of every arm."""
        return _BOTH.search(text) is not None and len(self.main) > 1 and not self.phases

    def _changed(self, view: SentenceView, segment: Segment, text: str, told_of: list[str]) -> Sequence[str | None]:
        if self._is_of_each(text):
            return self.main[:_MOST]
        return told_of or [self._default(view, segment)]

    @staticmethod
    def _is_against(view: SentenceView, hit: Named) -> bool:
        """ "fell from baseline in A compared with B": B is what A is set against."""
        return bool(_AGAINST.search(view.between(view.start, hit.start)))

    def _against(
        self, view: SentenceView, segment: Segment, inside: Sequence[Named], named: list[str]
    ) -> tuple[str | None, str | None]:
        against = [arm_id for hit in inside if self._is_against(view, hit) for arm_id in hit.arm_ids]
        if len(named) >= 2 and not against and len(self.main) == 1 and not self.phases and self.main[0] not in named:
            return self.main[0], None  # "all A and two B patients …": parts of the people who got one regimen
        if len(named) >= 2:
            arm_a = next((arm_id for arm_id in named if arm_id not in against), named[0])
            arm_b = next((arm_id for arm_id in against if arm_id != arm_a), None)
            return arm_a, arm_b or next(arm_id for arm_id in named if arm_id != arm_a)
        if len(self.main) < 2 or self.phases:
            return (named[0] if named else self._default(view, segment)), None
        if named and named[0] in self.main:
            others = [arm_id for arm_id in self.main if arm_id != named[0]]
            other = self.control if self.control in others and self.control is not None else others[0]
            return (other, named[0]) if named[0] in against else (named[0], other)
        return self.main[0], self.main[1]

    def _default(self, view: SentenceView, segment: Segment) -> str | None:
        return next(iter((*self.resolver.default_for(view.passage, segment.start), *self.main)), None)


def _is_test_of_changes(view: SentenceView, segment: Segment, told: Told) -> bool:
    """ "from 157 to 130 with A, from 153 to 127 with B (P < 0.001)": so small a difference of falls has no such P."""
    p = segment.p.statistic if segment.p else None
    inside = [told.findings[index] for index in told.inside(segment)]
    values = [one.statistic.value for one in inside]
    if p is None or p.value is None or p.value > _SIGNIFICANT or p.operator not in ("<", "=", "<="):
        return False
    if len(values) != 4:
        return False
    if any(value is None for value in values) or not (
        is_from_to(view, inside[0], inside[1]) and is_from_to(view, inside[2], inside[3])
    ):
        return False
    before_a, after_a, before_b, after_b = (value or 0.0 for value in values)
    first, second = after_a - before_a, after_b - before_b
    return first * second > 0 and abs(first - second) <= _ALIKE * max(abs(first), abs(second))


def _is_own_test(told: Told, segment: Segment, arm_id: str) -> bool:
    """ "464 (P < 0.001) with A, 477 (P < 0.001) with B": a test behind each arm's number is not one of A against B."""
    low = segment.p.start if segment.p else segment.end
    before = [index for index, finding in enumerate(told.findings) if finding.end <= low]
    if not before or low - told.findings[before[-1]].end > _NEAR:
        return False
    others = {
        one
        for index, place in enumerate(told.placed)
        if not segment.start <= told.findings[index].start < segment.end
        for one in place.arm_ids
        if place.how in ("beside", "order")
    }
    return bool(others - {arm_id}) and told.placed[before[-1]].how in ("beside", "order")
