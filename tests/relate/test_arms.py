"""Arms: who was treated with what, under which names, how many."""

from __future__ import annotations

import pytest

from pipeline.document import Section
from pipeline.evidence import Arm, Attribution, Role
from pipeline.relate.arm_reference import ArmResolver

from .treatment_made import arms_of, paper

METHODS, RESULTS = Section.METHODS, Section.RESULTS


def compared(arms: tuple[Arm, ...]) -> list[tuple[set[str], int | None]]:
    """Drugs and size of the compared arms."""
    own = [arm for arm in arms if arm.attribution is Attribution.OWN]
    return [(set(arm.drug_names), arm.n) for arm in own if arm.role in (Role.INTERVENTION, Role.COMPARATOR)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Fifty adults were randomised to receive tacrolimus (n = 26) or cyclosporine (n = 24).",
            [({"tacrolimus"}, 26), ({"cyclosporine"}, 24)],
        ),
        (
            "We randomly assigned 60 patients to steroids plus either rituximab (31 patients) or cyclophosphamide "
            "followed by azathioprine (29 patients).",
            [({"corticosteroid", "rituximab"}, 31), ({"corticosteroid", "cyclophosphamide", "azathioprine"}, 29)],
        ),
        (
            "Patients were assigned to rituximab (n = 12) or placebo (n = 11) in combination with steroids.",
            [({"rituximab", "corticosteroid"}, 12), ({"placebo", "corticosteroid"}, 11)],
        ),
        (
            "Of 41 patients, 20 were allocated to treatment with cyclophosphamide and 21 to no treatment.",
            [({"cyclophosphamide"}, 20), (set(), 21)],
        ),
        (
            "Sixty patients were divided into tacrolimus (n = 30) and MMF groups (n = 30).",
            [({"tacrolimus"}, 30), ({"mycophenolate mofetil"}, 30)],
        ),
        (
            "Sixty patients were randomised to either tacrolimus, cyclosporine, or rituximab.",
            [({"tacrolimus"}, None), ({"cyclosporine"}, None), ({"rituximab"}, None)],
        ),
        (
            "Patients who were taking losartan were randomised to tacrolimus plus prednisone or to cyclosporine plus"
            " prednisone.",
            [({"tacrolimus", "prednisone"}, None), ({"cyclosporine", "prednisone"}, None)],
        ),
    ],
)
def test_an_allotting_sentence_makes_the_arms(text: str, expected: list[tuple[set[str], int | None]]) -> None:
    assert compared(arms_of(paper((METHODS, text)))) == expected


def test_the_list_of_one_group_is_one_regimen() -> None:
    text = (
        "Sixty patients were randomly assigned to tacrolimus, prednisolone and rituximab or to the control group,"
        " treated with tacrolimus, prednisolone and placebo."
    )
    found = compared(arms_of(paper((METHODS, text))))
    assert [drugs for drugs, _ in found] == [
        {"tacrolimus", "prednisolone", "rituximab"},
        {"tacrolimus", "prednisolone", "placebo"},
    ]


def test_joined_drugs_are_one_regimen() -> None:
    arms = arms_of(paper((METHODS, "We treated 14 children with tacrolimus, MMF and prednisolone.")))
    assert compared(arms) == [({"tacrolimus", "mycophenolate mofetil", "prednisolone"}, 14)]


@pytest.mark.parametrize(
    "statement",
    ["All patients received basiliximab and steroids.", "Both groups were given basiliximab and steroids."],
)
def test_what_everybody_got_goes_into_every_arm(statement: str) -> None:
    text = f"Patients were randomised to tacrolimus or cyclosporine. {statement}"
    drugs = [names for names, _ in compared(arms_of(paper((METHODS, text))))]
    assert drugs == [{"tacrolimus", "basiliximab", "corticosteroid"}, {"cyclosporine", "basiliximab", "corticosteroid"}]


def test_what_is_tapered_meanwhile_is_everybodys() -> None:
    text = "Fifty adults were randomised to tacrolimus (n = 26) or cyclosporine (n = 24) while tapering prednisone."
    arms = compared(arms_of(paper((METHODS, text))))
    assert arms == [({"tacrolimus", "prednisone"}, 26), ({"cyclosporine", "prednisone"}, 24)]


def test_what_a_drug_was_given_as_is_no_second_drug() -> None:
    text = (
        "Patients were randomised to enalapril or losartan. All patients received cyclosporine as an immunosuppressant."
    )
    drugs = [names for names, _ in compared(arms_of(paper((METHODS, text))))]
    assert drugs == [{"enalapril", "cyclosporine"}, {"losartan", "cyclosporine"}]


def test_a_drug_of_one_side_is_not_shared() -> None:
    text = "Patients received either tacrolimus or placebo for 9 weeks."
    assert [names for names, _ in compared(arms_of(paper((METHODS, text))))] == [{"tacrolimus"}, {"placebo"}]


def test_people_named_by_their_drug_all_take_it() -> None:
    text = "Twenty cyclosporine-treated recipients were randomised to enalapril or losartan."
    drugs = [names for names, _ in compared(arms_of(paper((METHODS, text))))]
    assert drugs == [{"enalapril", "cyclosporine"}, {"losartan", "cyclosporine"}]


def test_a_drug_that_failed_is_a_previous_arm() -> None:
    arms = arms_of(paper((METHODS, "Nine patients with cyclosporine-resistant disease were treated with rituximab.")))
    assert compared(arms) == [({"rituximab"}, 9)]
    assert [arm.drug_names for arm in arms if arm.role is Role.PREVIOUS] == [("cyclosporine",)]


def test_sizes_come_from_denominators_that_add_up() -> None:
    methods = "Eighty patients were randomised to enalapril or placebo."
    results = "Progression occurred in 9/42 with enalapril and 15/38 with placebo."
    assert compared(arms_of(paper((METHODS, methods), (RESULTS, results)))) == [({"enalapril"}, 42), ({"placebo"}, 38)]


def test_a_study_without_drugs_has_no_drugs() -> None:
    arms = arms_of(paper((METHODS, "We followed 46 patients with crescentic nephritis for two years.")))
    assert not any(arm.drugs for arm in arms)


def test_cited_regimens_are_cited_arms_of_their_sentence() -> None:
    text = "Ahlberg et al. reported remission in 6 of 20 patients with tacrolimus. None relapsed."
    annotated = paper((METHODS, "We treated 12 children with rituximab."), (Section.DISCUSSION, text))
    arms = arms_of(annotated)
    cited = [arm for arm in arms if arm.attribution is Attribution.CITED]
    assert [(arm.drug_names, arm.n, arm.cited_ref) for arm in cited] == [(("tacrolimus",), 20, "Ahlberg et al.")]
    resolver = ArmResolver(arms, annotated)
    assert resolver.default_for(2, text.index("None")) == (cited[0].arm_id,)


TWO = "Forty patients were randomised to tacrolimus (group I, n = 21) or cyclosporine (CsA) (group II, n = 19)."


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Relapse was rarer in the tacrolimus group than in the cyclosporine group.", ["A1", "A2"]),
        ("Relapse was rarer in group I than in group II.", ["A1", "A2"]),
        ("Relapse was rarer with tacrolimus than with CsA.", ["A1", "A2"]),
        ("Albumin rose in both groups.", ["A1", "A2"]),
        ("Relapse in the tacrolimus and cyclosporine groups was 5% and 9%.", ["A1", "A2"]),
        ("The tacrolimus group and the CsA group were alike, and the latter group had infections.", ["A1", "A2", "A2"]),
        ("Albumin did not change.", []),
    ],
)
def test_names_point_to_arms(sentence: str, expected: list[str]) -> None:
    annotated = paper((METHODS, TWO), (RESULTS, sentence))
    hits = ArmResolver(arms_of(annotated), annotated).arms_in(2, 0, len(sentence))
    assert [hit.arm_id for hit in hits] == expected


def test_without_a_name_the_whole_study_is_meant() -> None:
    annotated = paper((METHODS, TWO), (RESULTS, "The mean age was 34 years."))
    arms = arms_of(annotated)
    (arm_id,) = ArmResolver(arms, annotated).default_for(2, 5)
    assert next(arm for arm in arms if arm.arm_id == arm_id).role is Role.BACKGROUND
