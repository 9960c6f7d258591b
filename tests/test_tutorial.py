"""The tutorial works: every command of it is run on a database of the two founding papers."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main

ROOT = Path(__file__).resolve().parent.parent
BLOCKS = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8"), re.DOTALL)
COMMANDS = [line.strip() for block in BLOCKS for line in block.splitlines() if line.strip().startswith("evidence ")]
QUESTIONS = [command for command in COMMANDS if not re.match(r"evidence (?:ingest|diff)\b", command)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tutorial")
    ingest = COMMANDS[0]
    assert ingest.startswith("evidence ingest")
    result = CliRunner().invoke(main, _arguments(ingest, path))
    assert result.exit_code == 0, result.output
    return path


def _arguments(command: str, folder: Path) -> list[str]:
    words = shlex.split(command.split(" > ")[0])[1:]
    papers = str(ROOT / "corpus" / "papers")
    return [papers if w == "corpus/papers" else re.sub(r"^outputs/", f"{folder}/", w) for w in words]


def test_twelve_questions_are_asked() -> None:
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8").split("## Twelve questions")[1].split("\n## ")[0]
    assert len(re.findall(r"^\d+\. .*\?$", text, re.MULTILINE)) == 12
    assert text.count("evidence ") == 12


@pytest.mark.parametrize("command", QUESTIONS)
def test_each_command_answers(command: str, folder: Path) -> None:
    result = CliRunner().invoke(main, _arguments(command, folder))
    assert result.exit_code == 0, result.output
    told = result.output if re.match(r"evidence (?:verify|review)", command) else result.stdout
    assert told.strip(), command
