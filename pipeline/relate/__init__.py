"""Stage 4, Annotated → PaperEvidence. Plain Python over mentions and text: no spaCy, no SQL.

    relate(annotated) -> PaperEvidence     frame, arms, then results and comparisons from sentences and tables

`assemble` makes final rows of what comes out here.
"""

from __future__ import annotations

from pipeline.document import Part
from pipeline.evidence import Annotated, Arm, Attribution, PaperEvidence, StudyFrame
from pipeline.relate.arm_reference import ENROLLED, TREATED, ArmResolver
from pipeline.relate.arms import find_study_arms
from pipeline.relate.attribution import attributor_of
from pipeline.relate.comparisons import ComparisonFinder, main_arms
from pipeline.relate.consistency import Everybody
from pipeline.relate.contrast_arms import ContrastArms
from pipeline.relate.doubts import ANIMALS, POOLED, Compared
from pipeline.relate.earlier import without_earlier_contrasts, without_earlier_times
from pipeline.relate.frame import study_frame
from pipeline.relate.line_table import line_table_results
from pipeline.relate.measured_ways import with_measured_ways
from pipeline.relate.off_treatment import BEFORE, OFF
from pipeline.relate.results import Group, find_results
from pipeline.relate.sentence import sentences_of
from pipeline.relate.table_results import table_results
from pipeline.relate.untreated import CONTROLS
from pipeline.relate.view import SentenceView, sentence_views


def relate(annotated: Annotated) -> PaperEvidence:
    """Everything one paper says: its study frame, arms, results and comparisons, each with its quote."""
    views = sentence_views(annotated)
    frame = study_frame(annotated, views)
    arms = find_study_arms(annotated, frame)
    resolver = ArmResolver(arms, annotated, views)
    attributor = attributor_of(annotated)
    sizes = {arm.arm_id: arm.n for arm in arms if arm.n is not None}
    own = [arm for arm in arms if arm.attribution is Attribution.OWN]
    compared = main_arms([(arm.arm_id, arm.role) for arm in own if arm.name != CONTROLS])
    is_case = frame.design in ("case report", "case series")
    group = Group(sizes, is_case, _compared(arms, compared, views, frame), _everybody(arms, compared, frame))
    sentences = sentences_of(views, resolver)
    results = without_earlier_times(find_results(sentences, resolver, attributor, group), arms)
    results += line_table_results(annotated, resolver.resolve, attributor)
    control = _control([arm for arm in arms if arm.arm_id in compared])
    states = {arm.name: arm.arm_id for arm in own if arm.name in (BEFORE, OFF)}
    contrast_arms = ContrastArms(
        resolver, tuple(compared), phases=group.is_case_report, control=control, off=states.get(OFF),
        before=states.get(BEFORE),
    )  # fmt: skip
    comparisons = without_earlier_contrasts(ComparisonFinder(contrast_arms, attributor).find(sentences), arms)
    comparisons = with_measured_ways(comparisons, results)
    from_tables = table_results(annotated, arms, resolver.resolve, attributor)
    results += from_tables[0]
    comparisons += from_tables[1]
    told = {row.arm_id for row in results} | {arm for row in comparisons for arm in (row.arm_a, row.arm_b)}
    # A regimen of others, or a state off treatment, that no number and no contrast speaks of is a remark, not an arm.
    asides = {arm.arm_id for arm in arms if arm.attribution is not Attribution.OWN or arm.name in (BEFORE, OFF)}
    arms = tuple(arm for arm in arms if arm.arm_id not in asides or arm.arm_id in told)
    return PaperEvidence(annotated, frame, arms, tuple(results), tuple(comparisons))


def _everybody(arms: tuple[Arm, ...], compared: list[str], frame: StudyFrame) -> Everybody | None:
    """All people of a study of several arms; None where each of them was in every arm."""
    whole = [arm for arm in arms if arm.name in (ENROLLED, TREATED)]
    if len(compared) < 2 or not whole or frame.n_total is None or frame.design == "crossover trial":
        return None
    return Everybody(whole[-1].arm_id, frame.n_total, frozenset(compared))


def _control(compared: list[Arm]) -> str | None:
    """The one compared arm that got nothing that the others did not get too."""
    drugs = {arm.arm_id: set(arm.drug_names) - {"placebo"} for arm in compared}
    bare = [key for key, names in drugs.items() if all(names < other for at, other in drugs.items() if at != key)]
    return bare[0] if len(bare) == 1 and len(compared) > 1 else None


def _compared(
    arms: tuple[Arm, ...], compared: list[str], views: tuple[SentenceView, ...], frame: StudyFrame
) -> Compared:
    title = {drug.name for view in views if view.part is Part.TITLE for drug in view.drugs}
    drugs = {name for arm in arms if arm.arm_id in compared for name in arm.drug_names}
    words = " ".join(view.text for view in views if view.part is Part.TITLE)
    is_pooled = frame.design in ("meta-analysis", "review", "laboratory") or POOLED.search(words) is not None
    front = " ".join(view.text for view in views if view.part in (Part.TITLE, Part.ABSTRACT))
    is_animal = len(ANIMALS.findall(front)) > 1
    return Compared(len(compared), bool(title & drugs), is_pooled or is_animal)
