"""Regimens as sentences."""

from __future__ import annotations

import pytest

from pipeline.evidence import Arm, Dose, DrugUse, Role
from pipeline.store.sentence import regimen_sentence


@pytest.mark.parametrize(
    ("drugs", "sentence"),
    [
        ((), None),
        ((DrugUse("tacrolimus"),), "tacrolimus"),
        ((DrugUse("tacrolimus", dose=Dose("0.1  mg/kg")),), "tacrolimus 0.1 mg/kg"),
        (
            (DrugUse("prednisone", dose=Dose("1 mg/kg"), frequency="daily", route="oral", duration="8 weeks"),),
            "prednisone 1 mg/kg daily oral for 8 weeks",
        ),
        ((DrugUse("prednisone", dose=Dose("60 mg daily"), frequency="daily"),), "prednisone 60 mg daily"),
        ((DrugUse("prednisone", duration="for 3 months"),), "prednisone for 3 months"),
        ((DrugUse("prednisone", duration="until remission"),), "prednisone until remission"),
        (
            (DrugUse("cyclosporine", target=Dose("100-150 ng/mL", is_target=True)), DrugUse("prednisone")),
            "cyclosporine (target 100-150 ng/mL) + prednisone",
        ),
        ((DrugUse("prednisone"), DrugUse("prednisone")), "prednisone"),
    ],
)
def test_sentence(drugs: tuple[DrugUse, ...], sentence: str | None) -> None:
    assert regimen_sentence(Arm("A1", "arm", Role.INTERVENTION, drugs)) == sentence
