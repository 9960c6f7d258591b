"""The heads of tables name a trial's groups: arms, drugs, doses and sizes come from them where sentences do not fit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.document import Cell, Document, Part, Passage, Section, Source, Table
from pipeline.evidence import Annotated, Arm, Concept, Dose, DrugUse, Label, Mention, Role
from pipeline.relate.arms import find_study_arms
from pipeline.relate.dose_levels import arms_of_dose
from pipeline.relate.frame import study_frame
from pipeline.relate.table_arms import TableArms
from pipeline.relate.table_groups import core_name, head_groups, head_name
from pipeline.tag.sentences import find_sentences

DRUGS = ("fooline", "barmab", "placebo")


def trial(heads: list[tuple[str, ...]], front: str = "Patients received fooline, barmab or placebo.") -> Annotated:
    """A full text whose only table has a column for each stack of heads."""
    text, cells = "", []
    depth = max(len(stack) for stack in heads)
    for level in range(depth):
        for column, stack in enumerate(heads, 1):
            name = stack[level] if level < len(stack) else ""
            start = len(text)
            text += name + "\n"
            cells.append(Cell(level, column, name, start, start + len(name), is_header=True))
    for column, stack in enumerate(heads, 1):
        start = len(text)
        text += "12\n"
        cells.append(Cell(depth, column, "12", start, start + 2, column_headers=stack, row_headers=("Age, mean",)))
    table = Table("Table 1", "Baseline characteristics", depth + 1, len(heads) + 1, tuple(cells))
    body = "The trial ran for a year."
    passages = (
        Passage(0, Part.ABSTRACT, front, Section.METHODS), Passage(1, Part.BODY, body, Section.METHODS),
        Passage(2, Part.TABLE, text, None, table=table),
    )  # fmt: skip
    mentions = []
    for index, passage in enumerate(passages):
        low = passage.text.lower()
        for drug in DRUGS:
            at = low.find(drug)
            while at >= 0:
                found = passage.text[at : at + len(drug)]
                concept = Concept(f"X:{drug}", drug, "made")
                mentions.append(Mention(index, Label.DRUG, at, at + len(drug), found, "made", concept=concept))
                at = low.find(drug, at + 1)
        for amount in ("10 mg", "20 mg"):
            at = passage.text.find(amount)
            if at >= 0:
                dose = Dose(amount, float(amount[:2]), unit="mg")
                mentions.append(Mention(index, Label.DOSE, at, at + 5, amount, "made", dose=dose))
    sentences = tuple(tuple(find_sentences(passage.text)) for passage in passages)
    mentions.sort(key=lambda one: (one.passage, one.start))
    return Annotated(Document(Source("made.xml", "jats", "0" * 64), passages), sentences, {}, tuple(mentions))


def arms(annotated: Annotated) -> dict[str, tuple[tuple[str, ...], int | None, str]]:
    found = find_study_arms(annotated, study_frame(annotated))
    return {arm.name: (arm.drug_names, arm.n, arm.role.value) for arm in found if arm.role.value != "background"}


def test_levels_of_a_drug_are_arms_of_their_own() -> None:
    found = arms(
        trial([("Fooline 10 mg (n = 30)",), ("Fooline 20 mg (n = 31)",), ("Placebo (n = 29)",), ("Total (n = 90)",)])
    )
    assert found == {
        "Fooline 10 mg": (("fooline",), 30, "intervention"),
        "Fooline 20 mg": (("fooline",), 31, "intervention"),
        "Placebo": (("placebo",), 29, "comparator"),
    }


def test_what_is_added_to_placebo_is_the_comparator_where_nothing_else_is() -> None:
    found = arms(trial([("Fooline + placebo (n = 30)",), ("Fooline + barmab (n = 31)",)]))
    assert found["Fooline + placebo"] == (("fooline", "placebo"), 30, "comparator")
    assert found["Fooline + barmab"] == (("barmab", "fooline"), 31, "intervention")


@pytest.mark.parametrize(
    "heads",
    [
        [("Patients with fooline (n = 30)",), ("Patients without (n = 31)",)],
        [("Men (n = 30)",), ("Women (n = 31)",)],
        [("Fooline stage 3 (n = 30)",), ("Fooline stage 4 (n = 31)",)],
        [("Total (n = 61)",), ("P",)],
    ],
)
def test_heads_that_part_people_are_no_arms(heads: list[tuple[str, ...]]) -> None:
    assert head_groups(trial(heads), frozenset(DRUGS)) == []


def test_a_drug_that_the_abstract_does_not_name_makes_no_arms() -> None:
    assert head_groups(trial([("Barmab (n = 30)",), ("Placebo (n = 31)",)]), frozenset(("fooline",))) == []


def test_heads_of_a_column_name_their_arm_together() -> None:
    annotated = trial([("Fooline", "10 mg", "n = 30"), ("Fooline", "20 mg", "n = 31"), ("Placebo", "", "n = 29")])
    found = {arm.arm_id: arm for arm in find_study_arms(annotated, study_frame(annotated))}
    named = TableArms(found, lambda name: (), {})
    stacks = {("Fooline", "10 mg", "n = 30"), ("Group Fooline", "20 mg")}
    assert {found[arm_id].name for arm_id in named.of_stacks(stacks).values() if arm_id} == {
        "Fooline 10 mg",
        "Fooline 20 mg",
    }


def test_names_of_heads() -> None:
    assert head_name(("Week 12", "Drug group (n = 12)", "n (%)")) == "Drug group"
    assert core_name("Diet therapy group") == "diet"
    assert core_name("Fooline −") != core_name("Fooline")


def test_a_role_alone_is_not_the_only_arm_read() -> None:
    arm = Arm("A1", "fooline", Role.INTERVENTION, (DrugUse("fooline"),))
    named = TableArms({"A1": arm}, lambda name: ("A1",), {})
    stacks = {("Intervention n (%)",), ("Fooline treatment",)}
    assert named.of_stacks(stacks) == {("Intervention n (%)",): None, ("Fooline treatment",): "A1"}


def test_heads_that_leave_the_titles_drug_out_are_no_arms() -> None:
    annotated = trial(
        [("Barmab (n = 30)",), ("Placebo (n = 31)",)], "Patients received fooline (n = 30) or placebo (n = 31)."
    )
    title = Passage(0, Part.TITLE, "Effects of fooline", None)
    drug = Mention(0, Label.DRUG, 11, 18, "fooline", "made", concept=Concept("X:fooline", "fooline", "made"))
    document = replace(annotated.document, passages=(title, *annotated.document.passages), title=title.text)
    shifted = tuple(replace(one, passage=one.passage + 1) for one in annotated.mentions)
    titled = replace(annotated, document=document, mentions=(drug, *shifted),
                     sentences=(tuple(find_sentences(title.text)), *annotated.sentences))  # fmt: skip
    assert {name for drugs, _, _ in arms(titled).values() for name in drugs} == {"fooline", "placebo"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("fooline 10 mg group", {"A1"}), ("20 mg fooline", {"A2"}), ("fooline 10 and 20 mg", {"A1", "A2"}),
        ("fooline", set()), ("fooline 100 mg", set()),
    ],
)  # fmt: skip
def test_the_dose_beside_a_name_tells_the_arm(text: str, names: set[str]) -> None:
    annotated = trial([("Fooline 10 mg (n = 30)",), ("Fooline 20 mg (n = 31)",)])
    kin = [arm for arm in find_study_arms(annotated, study_frame(annotated)) if arm.drugs and "mg" in arm.name]
    start = text.index("fooline")
    assert set(arms_of_dose(kin, text, start, start + 7)) == names
