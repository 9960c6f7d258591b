"""The arms of a paper: who was treated with what, under which names, how many.

Place in the flow: called by `relate` after the frame; results and comparisons point to the arms made here.

A comparative study takes its arms from the sentence that allots treatments best (`allocation.py`); another takes the
regimen that its sentences say was given. Then come what everybody got, sizes and names told elsewhere, doses
(`regimens.py`), the whole study as an arm of its own, drugs tried before, and the arms of cited studies.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from pipeline.document import Part, Section
from pipeline.evidence import Annotated, Arm, Attribution, DrugUse, Label, Quote, Role, StudyFrame
from pipeline.relate.added import added_arms
from pipeline.relate.allocation import NOTHING, Allocation, Slot, best_allocation
from pipeline.relate.arm_classes import unique_uses, without_classes
from pipeline.relate.arm_names import with_short_names
from pipeline.relate.arm_reference import ArmResolver
from pipeline.relate.attribution import attributor_of
from pipeline.relate.background import with_shared
from pipeline.relate.cited import cited_arms
from pipeline.relate.dose_arms import dose_levels, labels_of, levels_of_one, pooled_arms
from pipeline.relate.given import given_rows
from pipeline.relate.groups import has_labels, population_groups
from pipeline.relate.named_groups import NamedGroup, named_groups
from pipeline.relate.off_treatment import off_arms
from pipeline.relate.phases import case_phases
from pipeline.relate.previous import previous_arms
from pipeline.relate.regimens import Pairing, add_regimens, drug_uses, is_given
from pipeline.relate.sizes import with_sizes
from pipeline.relate.table_fit import fits_heads, with_head_sizes
from pipeline.relate.table_groups import HeadGroup, head_groups
from pipeline.relate.untreated import CONTROLS, NAME, control_group, untreated_group
from pipeline.relate.view import DrugHit, SentenceView, in_brackets, sentence_views
from pipeline.relate.whole_study import with_member, with_opposed_member, with_overall

_PLACEBO_STUDY = re.compile(
    r"\bplacebo[- ]controlled\b|\b(?:versus|vs\.?|or|with|to|than|and|during|receiving"
    r"|given|on|in the) placebo\b",
    re.I,
)
_MODAL = re.compile(r"\b(?:may|might|could|should|would)\b", re.I)
_PASSING = 0.0  # below: a drug that is only guessed or argued about
_MANY = re.compile(r"\b(?:both|two|three|all|each)\b", re.I)
_MANY_OR_COMBINED = re.compile(rf"{_MANY.pattern}|\b(?:combin\w+|dual)\b", re.I)  # no name of one drug's arm


@dataclass(slots=True)
class _Draft:
    name: str
    uses: list[DrugUse]
    role: Role
    n: int | None = None
    quote: Quote | None = None
    hits: tuple[DrugHit, ...] = ()
    reach: int = 0
    view: SentenceView | None = None
    aliases: tuple[str, ...] = ()
    is_level: bool = False  # one dose of a drug, whose bare name stands for no one dose


def find_study_arms(annotated: Annotated, frame: StudyFrame) -> tuple[Arm, ...]:
    """All arms of the paper, numbered "A1", "A2" … in the order own, whole study, previous, cited."""
    views = sentence_views(annotated)
    attributor = attributor_of(annotated)
    own = tuple(view for view in views if attributor.of(view.passage, view.start).attribution is Attribution.OWN)
    phases = case_phases(own, annotated.document, frame) if frame.design in ("case report", "case series") else []
    if phases:  # the course of each case is told by its phases alone
        own = tuple(view for view in own if not (view.part is Part.BODY and view.section is Section.CASE))
    front = _front_names(views)
    allocation = None if phases else best_allocation(own, front)
    drafts = _compared(allocation, own) if allocation else []
    single = _single(own, frame, front)
    groups = [] if phases or _has_drugs_to_tell(drafts) else _named_drafts(own, single)
    if groups:
        allocation, drafts = None, groups
    drafts = drafts or _with_levels(single, own)
    if not allocation and not phases:
        drafts = _with_alone(drafts, own)
    if not allocation and frame.design not in ("case report", "case series"):
        drafts = _with_placebo(drafts, own)
    if not phases and frame.design not in ("case report", "case series"):
        drafts = _with_untreated(drafts, own)
    arms = _numbered(drafts, frame)
    heads = head_groups(annotated, front) if not phases and front is not None else []
    heads = heads if _tells_title_drugs(heads, drafts, own) else []
    if heads and not fits_heads(with_short_names(arms, views), heads, annotated, views):
        drafts, groups = _by_heads(heads), []
        arms = _numbered(drafts, frame)
    elif heads:
        arms = with_head_sizes(arms, heads, annotated, views)
    owned = _owned(drafts)
    arms = without_classes(with_member(with_opposed_member(arms, own), own))
    tested = frozenset(name for arm in arms for name in arm.drug_names)
    arms = with_short_names(with_shared(arms, own, allocation), views)
    resolver = ArmResolver(arms, annotated, views)
    arms = add_regimens(arms, own, resolver, owned)
    arms = with_sizes(arms, own, resolver, frame.n_total)
    arms = _with_whole(arms, phases, own, frame, is_compared=bool(allocation or groups))
    if not phases:
        arms = (*arms, *_numbered_from(len(arms) + 1, [*pooled_arms(arms), *added_arms(arms, own)]))
    arms = (*arms, *previous_arms(arms, own, frame))
    arms = (*arms, *cited_arms(views, attributor, arms))
    return (*arms, *_numbered_from(len(arms) + 1, [] if phases else off_arms(arms, tested, own)))


def _with_whole(
    arms: tuple[Arm, ...], phases: list[Arm], own: tuple[SentenceView, ...], frame: StudyFrame, *, is_compared: bool
) -> tuple[Arm, ...]:
    """The arms with the phases of cases, or with the whole study and the groups of people that it tells apart."""
    if phases:
        return (*arms, *_numbered_from(len(arms) + 1, phases))
    arms = with_overall(arms, frame)
    if is_compared or not arms or frame.design == "case report":
        return arms
    apart = population_groups(own, arms[0], frame.n_total)
    return (*arms, *_numbered_from(len(arms) + 1, apart))


def _front_names(views: tuple[SentenceView, ...]) -> frozenset[str] | None:
    """Drugs of the title and abstract; None where there is no abstract or no body to tell apart from it.

    What a trial compares stands in its abstract: drugs that the body alone names are background, not arms.
    """
    parts = {view.part for view in views}
    if not {Part.ABSTRACT, Part.BODY} <= parts:
        return None
    return frozenset(drug.name for view in views if view.part is not Part.BODY for drug in view.drugs)


def _has_drugs_to_tell(drafts: list[_Draft]) -> bool:
    return any(use.drug != "placebo" for draft in drafts for use in draft.uses)


def _by_name(groups: tuple[NamedGroup, ...]) -> list[_Draft]:
    """Arms of groups that go by their names; drugs in the name are the arm's."""
    drafts = []
    for number, group in enumerate(groups):
        view = group.view
        hits = tuple(drug for drug in view.given if group.start <= drug.start < group.end)
        uses = [use for drug in hits for use in drug_uses(view, drug, Pairing(view))]
        role = Role.COMPARATOR if group.is_control or number else Role.INTERVENTION
        quote = Quote(view.passage, view.start, view.end, view.text)
        drafts.append(_Draft(group.name, uses, role, group.size, quote, hits, group.end, None))
    if all(draft.role is Role.COMPARATOR for draft in drafts):
        next(
            (one for one, group in zip(drafts, groups, strict=True) if not group.is_control), drafts[0]
        ).role = Role.INTERVENTION
    return drafts


def _named_drafts(own: tuple[SentenceView, ...], single: list[_Draft]) -> list[_Draft]:
    """Groups that go by their names. The title's drug is given to all but controls; labelled groups wait for later."""
    groups = named_groups(own)
    uses = single[0].uses if single else []
    if not groups or (uses and has_labels(own)):
        return []
    drafts = _by_name(groups)
    title = {drug.name for view in own if view.part is Part.TITLE for drug in view.given}
    if not any(draft.uses for draft in drafts) and title & {use.drug for use in uses}:
        for draft, group in zip(drafts, groups, strict=True):
            draft.uses = [] if group.is_control else list(uses)
    return drafts


def _tells_title_drugs(heads: list[HeadGroup], drafts: list[_Draft], own: tuple[SentenceView, ...]) -> bool:
    """Whether the heads have what the title and the arms read so far are about; other heads part the people."""
    title = {drug.name for view in own if view.part is Part.TITLE for drug in view.drugs}
    wanted = {use.drug for draft in drafts for use in draft.uses} & title - {"placebo"}
    return not wanted or bool(wanted & {use.drug for group in heads for use in group.uses})


def _by_heads(heads: list[HeadGroup]) -> list[_Draft]:
    """Arms as the heads of the tables name them."""
    drafts = []
    for group in heads:
        role = Role.COMPARATOR if group.is_control else Role.INTERVENTION
        drafts.append(_Draft(group.name, list(group.uses), role, group.size, group.quote, aliases=group.aliases))
    if not any(draft.role is Role.COMPARATOR for draft in drafts):
        # "A + placebo" beside "A + B" is what B is compared with.
        shams = [draft for draft in drafts if any(use.drug == "placebo" for use in draft.uses)]
        for draft in shams if shams and len(shams) < len(drafts) else drafts[1:]:
            draft.role = Role.COMPARATOR
    return drafts


def _numbered_from(first: int, arms: list[Arm]) -> list[Arm]:
    return [replace(arm, arm_id=f"A{number}") for number, arm in enumerate(arms, first)]


def _compared(allocation: Allocation, own: tuple[SentenceView, ...]) -> list[_Draft]:
    pairing = Pairing(allocation.view)
    drafts = []
    for number, slot in enumerate(allocation.slots):
        role = Role.INTERVENTION if number == 0 and not _is_control(slot) else Role.COMPARATOR
        made = _slot_drafts(allocation.view, slot, pairing, role)
        drafts += _with_levels(made, own, role) if len(made) == 1 and len(slot.names) == 1 else made
    if all(draft.role is Role.COMPARATOR for draft in drafts):
        first = _first_active(drafts)
        for draft in drafts:  # the dose levels of one drug are tested alike
            if draft.quote == first.quote and [use.drug for use in draft.uses] == [use.drug for use in first.uses]:
                draft.role = Role.INTERVENTION
    active = {use.drug for draft in drafts for use in draft.uses}
    if "placebo" not in active and len(drafts) < 4 and all(draft.uses for draft in drafts) and _mentions_placebo(own):
        drafts.append(_Draft("placebo", [DrugUse("placebo")], Role.COMPARATOR))
    return drafts


def _first_active(drafts: list[_Draft]) -> _Draft:
    return next((draft for draft in drafts if any(use.drug != "placebo" for use in draft.uses)), drafts[0])


def _is_control(slot: Slot) -> bool:
    return not (slot.names - {"placebo"}) or slot.drugs[0].name in ("placebo", NOTHING)


def _mentions_placebo(own: tuple[SentenceView, ...]) -> bool:
    return any(drug.name == "placebo" and _PLACEBO_STUDY.search(view.text) for view in own for drug in view.drugs)


def _slot_drafts(view: SentenceView, slot: Slot, pairing: Pairing, role: Role) -> list[_Draft]:
    """One draft per slot, or one per dose level where a slot lists alternatives ("5 mg, 10 mg or")."""
    name = " + ".join(dict.fromkeys(drug.text for drug in slot.drugs))
    uses = [use for drug in (*slot.drugs, *slot.shared) if drug.name for use in drug_uses(view, drug, pairing)]
    quote = Quote(view.passage, view.start, view.end, view.text)
    hits = (*slot.drugs, *slot.shared)
    levels = dose_levels(view, slot, pairing)
    if len(levels) < 2:
        return [_Draft(name, uses, role, slot.size, quote, hits, slot.reach, view)]
    others = [use for use in uses if use.drug != slot.drugs[0].name]
    told = slot.drugs if len(slot.drugs) == len(levels) else ()  # each dose behind its own mention of the drug
    reaches = [*(drug.start for drug in told[1:]), max(slot.reach, told[-1].end if told else 0)]
    return [
        _Draft(
            f"{name} {use.dose.text}", [use, *others], role, size, quote, told[number : number + 1],
            reaches[number] if told else slot.reach, view, is_level=True,
        )
        for number, (use, size) in enumerate(levels)
        if use.dose
    ]  # fmt: skip


def _single(own: tuple[SentenceView, ...], frame: StudyFrame, front: frozenset[str] | None) -> list[_Draft]:
    """The one regimen of a study that compares no treatments; an arm without drugs if it gave none."""
    rows = [
        (view, row) for view in own for row in given_rows(view) if front is None or front & {drug.name for drug in row}
    ]
    title = {drug.name for view in own if view.part is Part.TITLE for drug in view.given}
    told = Counter(frozenset(drug.name for drug in row) for _, row in rows)
    best: tuple[float, SentenceView, list[DrugHit]] | None = None
    for view, row in rows:
        names = frozenset(drug.name for drug in row)
        doses = sum(1 for dose in view.doses if is_given(view, dose))
        score = 1.0 * len(names & title) + 0.4 * len(names) + 0.8 * min(2, doses) + 0.5 * min(4, told[names])
        score += 1.0 if view.part is Part.TITLE else 0.0
        score -= 1.0 if view.section in (Section.DISCUSSION, Section.CONCLUSION, Section.BACKGROUND) else 0.0
        score -= 1.0 if _MODAL.search(view.text) else 0.0
        if best is None or score > best[0]:
            best = (score, view, row)
    if best is None or best[0] < _PASSING:
        return []
    _, view, row = best
    pairing = Pairing(view)
    uses = [use for drug in row for use in drug_uses(view, drug, pairing)]
    quote = Quote(view.passage, view.start, view.end, view.text)
    name = " + ".join(dict.fromkeys(drug.text for drug in row))
    return [_Draft(name, unique_uses(uses), Role.INTERVENTION, None, quote, tuple(row), view.end, view)]


def _with_levels(drafts: list[_Draft], own: tuple[SentenceView, ...], role: Role = Role.INTERVENTION) -> list[_Draft]:
    """The doses or lengths of the one drug that people were allotted to, with their labels ("group 1")."""
    levels = levels_of_one(own, drafts[0].uses if drafts else [])
    labels = labels_of(levels)
    if not levels or (has_labels(own) and not labels):
        return drafts
    return [
        replace(
            drafts[0], name=level.name, uses=list(level.uses), hits=(), view=None, n=None, role=role,
            quote=Quote(level.view.passage, level.view.start, level.view.end, level.view.text),
            aliases=(label,) if label else (),
        )
        for level, label in zip(levels, labels or [""] * len(levels), strict=True)
    ]  # fmt: skip


def _with_alone(drafts: list[_Draft], own: tuple[SentenceView, ...]) -> list[_Draft]:
    """ "A alone" beside A plus B is a regimen of its own."""
    if len(drafts) != 1 or len({use.drug for use in drafts[0].uses}) < 2:
        return drafts
    for view in own:
        for drug in view.given:
            uses = [use for use in drafts[0].uses if use.drug == drug.name]
            if uses and re.match(r"\s(?:therapy |treatment |monotherapy )?alone\b", view.between(drug.end, view.end)):
                quote = Quote(view.passage, view.start, view.end, view.text)
                alone = _Draft(drug.text, uses, Role.COMPARATOR, None, quote, (drug,), drug.end, view)
                return [*drafts, alone]
    return drafts


def _with_placebo(drafts: list[_Draft], own: tuple[SentenceView, ...]) -> list[_Draft]:
    """A placebo is never given together with the drug it stands for: it is the other side."""
    drugs = {tuple(use.drug for use in draft.uses) for draft in drafts}
    if len(drugs) != 1 or not {use.drug for use in drafts[0].uses} - {"placebo"} or not _mentions_placebo(own):
        return drafts
    for draft in drafts:
        draft.uses = [use for use in draft.uses if use.drug != "placebo"]
    return [*drafts, _Draft("placebo", [DrugUse("placebo")], Role.COMPARATOR)]


def _with_untreated(drafts: list[_Draft], own: tuple[SentenceView, ...]) -> list[_Draft]:
    """Subjects that got nothing are an arm where results are told of them."""
    nothing = [draft for draft in drafts if not {use.drug for use in draft.uses} - {"placebo"}]
    if not drafts or nothing or _mentions_placebo(own):
        return drafts
    view, name = untreated_group(own), NAME
    if view is None and len(drafts) == 1:
        view, name = control_group(own), CONTROLS
    if view is None:
        return drafts
    quote = Quote(view.passage, view.start, view.end, view.text)
    return [*drafts, _Draft(name, [], Role.COMPARATOR, None, quote)]


def _numbered(drafts: list[_Draft], frame: StudyFrame) -> tuple[Arm, ...]:
    return tuple(
        Arm(
            f"A{number}", _clean(draft.name) or "untreated", draft.role, tuple(draft.uses),
            n=draft.n if len(drafts) > 1 else (draft.n or frame.n_total),
            population=frame.population, histology=frame.histology, aliases=_aliases(draft), quote=draft.quote,
        )
        for number, draft in enumerate(drafts, 1)
    )  # fmt: skip


def _clean(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _aliases(draft: _Draft) -> tuple[str, ...]:
    """Short forms and labels that stand beside the arm's drugs in its sentence: "(RCB group)", "(group I, n = 100)"."""
    found: dict[str, None] = {}
    view = draft.view
    if view is None or not draft.hits:
        return draft.aliases
    low, high = draft.hits[0].start, max(hit.end for hit in draft.hits if hit.start < draft.reach)
    unfit = _MANY if len({hit.name for hit in draft.hits}) > 1 else _MANY_OR_COMBINED
    names = [mention for mention in view.of(Label.ARM) if not unfit.search(mention.text)]
    ahead = [
        mention
        for mention in names
        if low - 25 <= mention.end <= low
        and not re.search(r"\b(?:or|and|versus|vs)\b|[)\]]", view.between(mention.end, low))
    ]
    behind = [
        mention
        for mention in names
        if high <= mention.start < draft.reach and (mention.start <= high + 4 or in_brackets(view, mention.start))
    ]
    for mention in ahead or behind:
        found.setdefault(_clean(mention.text), None)
    after = view.between(high, min(view.end, high + 40))
    for hit in draft.hits[:1]:
        if not draft.is_level:
            found.setdefault(_clean(hit.text), None)
        for match in re.finditer(
            r"[(\[]([A-Z][A-Za-z0-9/+-]{0,9})[)\],;]", view.between(hit.start, min(view.end, hit.end + 1)) + after[:14]
        ):
            found.setdefault(match.group(1), None)
    return tuple(found)


def _owned(drafts: list[_Draft]) -> dict[tuple[int, int], tuple[str, ...]]:
    owned: dict[tuple[int, int], tuple[str, ...]] = {}
    for number, draft in enumerate(drafts, 1):
        if draft.view is not None:
            for hit in draft.hits:
                key = (draft.view.passage, hit.start)
                owned[key] = (*owned.get(key, ()), f"A{number}")
    return owned
