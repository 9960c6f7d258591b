"""`evidence tag`: JSON lines whose offsets quote."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from pipeline.cli import main

TEXT = (
    "A made-up trial\n\nForty adults with nephrotic syndrome took tacrolimus 2 mg twice daily. The relapse rate fell.\n"
)


def test_lines(tmp_path: Path) -> None:
    paper = tmp_path / "paper.txt"
    paper.write_text(TEXT)
    result = CliRunner().invoke(main, ["tag", str(paper), "--model", "none"])
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    for line in lines:
        assert TEXT[line["source_start"] : line["source_end"]] == line["text"]
    found = {(line["label"], line["text"]) for line in lines}
    assert {("DRUG", "tacrolimus"), ("DOSE", "2 mg twice daily"), ("OUTCOME", "relapse rate")} <= found
    dose = next(line["dose"] for line in lines if line["label"] == "DOSE")
    assert dose == {
        "text": "2 mg twice daily",
        "value": 2.0,
        "unit": "mg",
        "frequency": "twice daily",
        "is_target": False,
    }


def test_only_one_label(tmp_path: Path) -> None:
    paper = tmp_path / "paper.txt"
    paper.write_text(TEXT)
    result = CliRunner().invoke(main, ["tag", str(paper), "--model", "none", "--label", "drug"])
    assert {json.loads(line)["label"] for line in result.stdout.splitlines()} == {"DRUG"}


def test_bad_input_is_one_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["tag", str(tmp_path / "gone.txt")])
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1
