"""Which arms the words of a passage point to.

Place in the flow: built once per paper from its arms; asked by the rules for results and comparisons, and by
`regimens.py` for doses and sizes told after the arms were named.

    resolver = ArmResolver(arms, annotated)
    resolver.arms_in(2, 0, 80)     # [ArmHit("A1", 4, 23), ArmHit("A2", 35, 48)]: "the tacrolimus group ... controls"
    resolver.default_for(2, 60)    # ("A1",): the arms in force at that point

A name is tried as an alias, as a label ("group II"), by the drugs in it, by initials ("E group" for enalapril), and by
role ("controls", "treated patients"). "Both groups" points to every arm, "the former" and "the latter" to the first and
last arm named before, "this group" to the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.document import Part, Section
from pipeline.evidence import Annotated, Arm, Attribution, Label, Role
from pipeline.relate.allocation_words import ALLOTS_TO
from pipeline.relate.arm_aliases import LABEL, ROMAN, ArmHit, alias_table, heading_arm, joined_drugs, plain, widest_arm
from pipeline.relate.arm_order import MEASURED_BY
from pipeline.relate.cited_names import CitedNames
from pipeline.relate.dose_levels import ALL_DOSES, arms_of_dose, named_by_dose, named_by_length
from pipeline.relate.off_treatment import OffStates
from pipeline.relate.untreated import CONTROLS, arms_without
from pipeline.relate.view import DrugHit, SentenceView, sentence_views
from pipeline.tag.people import PEOPLE

_BOTH = re.compile(
    r"\b(?:both|either|neither|all|each)\b|\b(?:two|three|four|2|3|4) (?:study |treatment "
    r"|patient )*(?:groups|arms|regimens|treatments|cohorts)|^(?:the )?(?:study |treatment |patient )*(?:groups"
    r"|arms)$",
    re.I,
)
_CONTROL = re.compile(
    r"\b(?:controls?|comparator|reference|untreated|no[- ]treatment|placebo|non-?treated"
    r"|conventional|standard)\b",
    re.I,
)
_TREATED = re.compile(
    r"\b(?:treated|treatment|intervention|experimental|study|active|active[- ]treatment|verum"
    r"|drug|combination|combined)\b",
    re.I,
)
_COMBINED = re.compile(r"\b(?:combination|combined|both drugs|dual)\b", re.I)
_SEPARATOR = re.compile(r"\s*(?:,\s*and\s|,|and|or|to|&|-|–)\s*(?:(?:group|arm)\s+)?")
_SENTENCE_WIDE = re.compile(
    r"\b(?:all|overall|total|entire|whole) (?:of the )?(?:\d+ |\w+teen |\w+ty )?"
    rf"(?:{PEOPLE}|population|cohort|group)\b",
    re.I,
)
_PHASE = re.compile(r"case(?: \w+)?: ")
_BEFORE = re.compile(r"\b(?:while on|when on|previous(?:ly)?|prior|before|during)\b[^.;]*$", re.I)
_AFTER = re.compile(
    r"\b(?:after|with|under|following|during)\s+(?:the\s+)?(?:(?:start|initiation|introduction"
    r"|administration)\s+of\s+)?"
    r"(?:(?:this|multidrug|combination|combined|study|new|the)\s+)+(?:therapy|treatment|regimen)\b",
    re.I,
)
_IN_GROUP = re.compile(r"\b(?:in|all|of|among|for|and|versus|vs\.?|than|with|years had)\s(?:the\s)?\Z", re.I)
_PEOPLE_AFTER = re.compile(rf"^\s(?:{PEOPLE}|group\b|cases\b)", re.I)
_GOES_ON = re.compile(
    r"^(?:this|these (?:changes|effects)|it|thereafter|subsequently|then)\b(?! study| trial| group)", re.I
)
# The state at entry, before anything was given: age, sex, baseline values, what people had.
_AT_ENTRY = re.compile(
    r"\b(?:age[ds]?|male|female|men|women|sex|baseline|at entry|at presentation|demographic|enrolled"
    r"|randomi[sz]ed|relapsed|"
    r"history of|previous|duration of disease|biopsy|diagnos\w+)\b",
    re.I,
)
_EACH_DOSE = re.compile(r"\b(?:both|all|each|either|the (?:two|three))\s(?:\w+\s)?(?:doses?|dosages?) of\s\Z", re.I)
_REACH = 2  # sentences that an order of arms is carried over
# Names of the arms that stand for the whole study.
ENROLLED, TREATED = "all patients", "all patients, treated"


class ArmResolver:
    """Points from words to the arms of one paper."""

    def __init__(
        self, arms: tuple[Arm, ...], annotated: Annotated, views: tuple[SentenceView, ...] | None = None
    ) -> None:
        self._phases = [arm for arm in arms if _PHASE.match(arm.name) and arm.quote]
        self._previous = tuple(arm for arm in arms if arm.role is Role.PREVIOUS and arm not in self._phases)
        self._own = tuple(
            arm
            for arm in arms
            if arm.attribution is Attribution.OWN and arm.role is not Role.PREVIOUS and arm not in self._phases
        )
        self._compared = tuple(arm for arm in self._own if arm.role is not Role.BACKGROUND)
        # A placebo that no sentence sets against the drug is in nobody's mind where a sentence names no arm.
        told = [
            arm for arm in self._compared if (arm.quote or "placebo" not in arm.drug_names) and arm.name != CONTROLS
        ]
        self._lone = told[0] if len(told) == 1 else None
        self._enrolled = next((arm for arm in self._own if arm.name == ENROLLED), None)
        self._treated = next((arm for arm in self._own if arm.name == TREATED), self._enrolled)
        self._cited = CitedNames(arms, annotated)
        whole = (self._enrolled, self._treated)
        self._off = OffStates(self._own, self._compared)
        self._pooled = [arm for arm in self._own if arm.name.endswith(ALL_DOSES)]
        self._groups = {arm.arm_id for arm in self._own if arm.role is Role.BACKGROUND and arm not in whole}
        self._views = sentence_views(annotated) if views is None else views
        self._annotated = annotated
        self._aliases = alias_table(self._own, self._compared)
        self._shorts = {
            alias: arm.arm_id
            for arm in self._compared
            for alias in arm.aliases
            if len(arm.drug_names) > 1 and re.fullmatch(r"[A-Z][A-Za-z0-9+/-]*[A-Z0-9]", alias)
        }
        self._hits: dict[int, list[ArmHit]] = {}
        self._heading: dict[int, tuple[str, ...]] = {}  # of each sentence of the passages in `_hits`

    def arms_in(self, passage: int, start: int, end: int) -> list[ArmHit]:
        """Explicit mentions of arms within `start:end` of a passage, in order. "Both groups" gives a hit for each."""
        if passage not in self._hits:
            self._hits[passage] = self._passage_hits(passage)
        return [hit for hit in self._hits[passage] if start <= hit.start and hit.end <= end]

    def default_for(self, passage: int, position: int) -> tuple[str, ...]:
        """The arms in force at a position: the only arm, the whole study's, or the last named in the sentence."""
        view = next((one for one in self._views if one.passage == passage and one.start <= position < one.end), None)
        phase = self._phase_at(passage, position) if view is not None and self._in_case(view) else None
        if view is not None and phase is not None and (phase or view.part is Part.BODY):
            return phase
        if view is not None and self._cited.is_cited(view):
            return tuple(arm.arm_id for arm in self._cited.of(view)[:1])
        if len(self._compared) == 1:
            return (self._compared[0].arm_id,)
        if view is not None and not _SENTENCE_WIDE.search(view.text):
            hits = self.arms_in(passage, view.start, view.end)
            before = [hit for hit in hits if hit.end <= position] or hits
            if before and not allots_later(view, position, hits[0].start):
                last = before[-1]
                return tuple(hit.arm_id for hit in before if (hit.start, hit.end) == (last.start, last.end))
        if view is not None and (carried := self._carried(view)):
            return carried
        if self._lone and not (view is not None and _SENTENCE_WIDE.search(view.text)):
            return (self._lone.arm_id,)
        whole = self._enrolled if view is not None and _AT_ENTRY.search(view.text) else self._treated
        return (whole.arm_id,) if whole else ()

    def _carried(self, view: SentenceView) -> tuple[str, ...]:
        """ "This was followed by a rise": the one arm that the sentence before speaks of."""
        before = self._views[view.ordinal - 1] if view.ordinal else None
        if before is None or before.passage != view.passage:
            return ()
        named = {hit.arm_id for hit in self.arms_in(before.passage, before.start, before.end)}
        if not _GOES_ON.match(view.text):
            return self._heading[before.ordinal]
        return tuple(named) if len(named) == 1 else ()

    def sides(self) -> tuple[str, ...]:
        """The arms that the study compares."""
        return tuple(arm.arm_id for arm in self._compared)

    def order_before(self, view: SentenceView) -> tuple[str, str] | None:
        """The order in which the last sentence before that names single arms names two of them ("A vs B")."""
        for other in reversed(self._views[max(0, view.ordinal - _REACH) : view.ordinal]):
            hits = self.arms_in(other.passage, other.start, other.end) if other.passage == view.passage else []
            alone = [hit for hit in hits if sum((one.start, one.end) == (hit.start, hit.end) for one in hits) == 1]
            order = list(dict.fromkeys(hit.arm_id for hit in alone))
            if len(order) == 2:
                is_second = MEASURED_BY.search(other.between(other.start, alone[0].start))  # "compared with B, A …"
                return (order[1], order[0]) if is_second else (order[0], order[1])
        return None

    def off_treatment(self, view: SentenceView, start: int, end: int) -> str | None:
        """The arm of the state before or after the one treatment, if `start:end` of a sentence speaks of it."""
        return self._off.at(view, start, end)

    def resolve(self, text: str) -> tuple[str, ...]:
        """Arms that a name alone points to (a table's column header, a quoted group name); () if unclear."""
        return self._by_name(text, ())

    def _passage_hits(self, passage: int) -> list[ArmHit]:
        hits: list[ArmHit] = []
        heading: tuple[str, ...] = ()
        for view in self._views:
            if view.passage == passage:
                found = self._sentence_hits(view)
                heading = heading_arm(view, found) if found else heading
                self._heading[view.ordinal] = heading
                hits += found
        return hits

    def _sentence_hits(self, view: SentenceView) -> list[ArmHit]:
        if self._in_case(view):
            return []  # what runs at a place of a case is told by its phase, not by the drugs named there
        if self._cited.is_cited(view):
            return self._cited.hits(view)
        hits: list[ArmHit] = []
        taken: list[tuple[int, int]] = []
        for mention in view.of(Label.ARM):
            inside = tuple(drug for drug in view.drugs if mention.start <= drug.start < mention.end)
            if len(inside) > 1 and (listed := self._listed(view, inside)):
                hits += listed
                taken.append((mention.start, mention.end))
                continue
            named = self._named(mention.text, inside, view, mention.start, hits)
            for arm_id in self._of_dose(named, view, mention.start, mention.end):
                hits.append(ArmHit(arm_id, mention.start, mention.end))
                taken.append((mention.start, mention.end))
        hits += self._before_after(view) or self._group_hits(view, taken)
        for arm_id, start, end in self._short_names(view):
            if not any(low < end and start < high for low, high in taken):
                hits.append(ArmHit(arm_id, start, end))
                taken.append((start, end))
        for group in joined_drugs(view):
            start, end = group[0].start, group[-1].end
            if not any(low < end and start < high for low, high in taken):
                named = self._of_dose(self._by_drugs(group), view, start, end)
                hits += [ArmHit(arm_id, start, end) for arm_id in named]
        for arm_id, start, end in (*named_by_dose(self._compared, view), *named_by_length(self._compared, view)):
            if not any(hit.start < end and start < hit.end for hit in hits):
                hits.append(ArmHit(arm_id, start, end))
        return sorted(hits, key=lambda hit: (hit.start, hit.end, hit.arm_id))

    def _of_dose(self, named: tuple[str, ...], view: SentenceView, start: int, end: int) -> tuple[str, ...]:
        """Of arms of the same drugs, the one whose dose or length is printed at the name."""
        lengths = named_by_length(self._compared, view)
        if inside := [arm_id for arm_id, low, high in lengths if start <= low and high <= end]:
            return tuple(inside)
        arms = [arm for arm in self._compared if arm.arm_id in named]
        kin = [arm for arm in self._compared if arms and arm.drug_names == arms[0].drug_names]
        if len(kin) < 2 or len({arm.drug_names for arm in arms}) != 1 or _BOTH.search(view.between(start, end)):
            return named
        if _EACH_DOSE.search(view.between(view.start, start)):
            return tuple(arm.arm_id for arm in kin)
        if len(arms) == 1 and plain(view.between(start, end)) in {plain(one) for one in arms[0].aliases}:
            return named
        printed = arms_of_dose(kin, view.text, start - view.start, end - view.start)
        if not printed and len(arms) > 1 and not any(start <= drug.start < end for drug in view.drugs):
            return named  # "groups A and B"
        pooled = [arm.arm_id for arm in self._pooled if arm.drug_names == kin[0].drug_names]
        return printed or tuple(pooled) or tuple(arm.arm_id for arm in kin)

    def _short_names(self, view: SentenceView) -> Iterator[tuple[str, int, int]]:
        """Short forms of combinations ("BT", "LTFC") that stand alone in a sentence."""
        for short, arm_id in self._shorts.items():
            for match in re.finditer(rf"(?<![\w/+-]){re.escape(short)}(?![\w/+-])", view.text):
                if not any(drug.start < view.start + match.end() and view.start + match.start() < drug.end
                           for drug in view.drugs):  # fmt: skip
                    yield arm_id, view.start + match.start(), view.start + match.end()

    def _group_hits(self, view: SentenceView, taken: list[tuple[int, int]]) -> list[ArmHit]:
        """ "the SDNS patients", "in SRNS": groups of patients called by their disease."""
        hits = []
        for mention in view.of(Label.CONDITION, Label.HISTOLOGY) if self._groups else ():
            arms = [arm for arm in self._aliases.get(plain(mention.text), ()) if arm in self._groups]
            free = not any(low < mention.end and mention.start < high for low, high in taken)
            before, after = view.between(view.start, mention.start), view.between(mention.end, view.end)
            if arms and free and (_IN_GROUP.search(before) or _PEOPLE_AFTER.match(after)):
                hits.append(ArmHit(arms[0], mention.start, mention.end))
        return hits

    def _before_after(self, view: SentenceView) -> list[ArmHit]:
        """ "after this therapy … prior to it, while on A": the regimen studied and the drug taken before."""
        if len(self._compared) != 1:
            return []
        hits = []
        for drug in view.drugs:
            lead = view.between(max(view.start, drug.start - 60), drug.start)
            earlier = [arm for arm in self._previous if drug.name in arm.drug_names]
            if earlier and _BEFORE.search(lead) and drug.name not in self._compared[0].drug_names:
                hits.append(ArmHit(earlier[0].arm_id, drug.start, drug.end))
        if hits and (match := _AFTER.search(view.text)):
            start = view.start + match.start()
            hits.append(ArmHit(self._compared[0].arm_id, start, view.start + match.end()))
        return hits

    def _in_case(self, view: SentenceView) -> bool:
        if not self._phases:
            return False
        if view.part is Part.BODY:
            return view.section is Section.CASE
        first = self._phases[0].quote
        return (
            view.part is Part.ABSTRACT
            and first is not None
            and self._annotated.document.passages[first.passage].part is Part.ABSTRACT
        )

    def _phase_at(self, passage: int, position: int) -> tuple[str, ...]:
        begun = [
            arm for arm in self._phases if arm.quote and (arm.quote.passage, arm.quote.start) <= (passage, position)
        ]
        return (begun[-1].arm_id,) if begun else ()

    def _listed(self, view: SentenceView, drugs: tuple[DrugHit, ...]) -> list[ArmHit]:
        """ "the A and B groups": one arm for each name, where each points to an arm of its own."""
        gaps = [view.between(first.end, second.start) for first, second in pairwise(drugs)]
        if not all(re.fullmatch(r"[\s,-]*(?:and|or|,|versus|vs\.?)\s*(?:the\s+)?", gap) for gap in gaps):
            return []
        named = [(drug, self._by_drugs((drug,))) for drug in drugs]
        if any(len(arms) != 1 for _, arms in named) or len({arms for _, arms in named}) != len(drugs):
            return []
        return [ArmHit(arms[0], drug.start, drug.end) for drug, arms in named]

    def _named(
        self, text: str, drugs: tuple[DrugHit, ...], view: SentenceView, position: int, before: list[ArmHit]
    ) -> tuple[str, ...]:
        lowered = text.lower()
        if "former" in lowered or "latter" in lowered or re.match(r"th(?:is|ese|at)\b", lowered):
            return self._referred(lowered, view, position, before)
        return self._by_name(text, drugs)

    def _by_name(self, text: str, drugs: tuple[DrugHit, ...]) -> tuple[str, ...]:
        name = plain(text)
        if name in self._aliases:
            return self._aliases[name]
        if label := LABEL.search(text):
            found: list[str] = []
            for part in _SEPARATOR.split(label.group(1)):
                found += self._aliases.get(f"group {ROMAN.get(part, part).lower()}", ())
            return tuple(dict.fromkeys(found))
        if _BOTH.search(text) and len(self._compared) > 1:
            return tuple(arm.arm_id for arm in self._compared)
        if drugs:
            return self._by_drugs(drugs)
        tokens = [
            token
            for token in re.split(
                r"[\s]+(?:and\s+)?",
                re.sub(r"\b(?:the|groups?|arms?|patients?|treated|cohorts?)\b", " ", text, flags=re.I),
            )
            if token
        ]
        found = []
        for token in tokens:
            found += self._aliases.get(plain(token), ())
        return tuple(dict.fromkeys(found)) or self._by_role(text)

    def _by_role(self, text: str) -> tuple[str, ...]:
        if _CONTROL.search(text):
            arms = [arm for arm in self._compared if arm.role is Role.COMPARATOR]
            lone = [arm for arm in arms if not arm.drugs or "placebo" in arm.drug_names]
            if not lone and len({arm.drug_names for arm in arms}) > 1:
                return ()  # several comparators: "the control group" names none of them
            return tuple(arm.arm_id for arm in (lone or arms)[-1:])
        if _COMBINED.search(text):
            arm = widest_arm(self._compared)
            return (arm,) if arm else ()
        if _TREATED.search(text):
            arms = [arm for arm in self._compared if arm.role is Role.INTERVENTION]
            return (arms[0].arm_id,) if len(arms) == 1 else ()
        return ()

    def _by_drugs(self, drugs: tuple[DrugHit, ...]) -> tuple[str, ...]:
        if len(drugs) == 1 and (arm_id := self._shorts.get(drugs[0].text)):
            return (arm_id,)
        names = {drug.name for drug in drugs if drug.use in ("given", "absent")}
        if drugs and all(drug.use == "absent" for drug in drugs):
            return arms_without(self._compared, names)
        common = (
            frozenset.intersection(*(frozenset(arm.drug_names) for arm in self._compared))
            if len(self._compared) > 1
            else frozenset()
        )
        telling = names - common
        if not self._compared:
            return ()
        if not telling:  # every arm has it: it still names the arm that was set up with it
            named = [arms for drug in drugs if (arms := self._aliases.get(plain(drug.text)))]
            alone = [arm.arm_id for arm in self._compared if set(arm.drug_names) == names]
            return named[0] if len(named) == 1 and len(named[0]) == 1 else tuple(alone) if len(alone) == 1 else ()
        scored = sorted(self._compared, key=lambda arm: _fit(arm, telling, common), reverse=True)
        best = [arm for arm in scored if _fit(arm, telling, common) == _fit(scored[0], telling, common)]
        if not telling & set(scored[0].drug_names):
            return ()
        if len(best) == 1 or len(best) == len([arm for arm in self._compared if telling <= set(arm.drug_names)]):
            return tuple(arm.arm_id for arm in best)
        return (best[0].arm_id,)

    def _referred(self, lowered: str, view: SentenceView, position: int, before: list[ArmHit]) -> tuple[str, ...]:
        earlier = [hit for hit in before if hit.end <= position]
        if not earlier:
            number = self._views.index(view)
            if number and self._views[number - 1].passage == view.passage:
                earlier = self._sentence_hits(self._views[number - 1])
        if not earlier:
            return (self._compared[0].arm_id,) if len(self._compared) == 1 else ()
        pick = earlier[0] if "former" in lowered else earlier[-1]
        return (pick.arm_id,)


def allots_later(view: SentenceView, position: int, first: int) -> bool:
    """Whether `position` stands before a sentence allots people to its arms, the first of which is named at `first`."""
    return position < first and ALLOTS_TO.search(view.between(view.start, first)) is not None


def _fit(arm: Arm, telling: set[str], common: frozenset[str]) -> tuple[int, int]:
    own = set(arm.drug_names) - common
    return len(own & telling), -len(own ^ telling)
