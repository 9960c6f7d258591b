"""The docs say what exists: verbs, views, columns, pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.cli import VERBS
from pipeline.store import Store
from pipeline.store.columns import COLUMN_HELP, VIEW_HELP

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_is_documented(verb: str) -> None:
    assert f"\n## evidence {verb}\n" in (DOCS / "cli.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("view", VIEW_HELP)
def test_each_view_and_column_is_documented_and_exists(view: str, store: Store) -> None:
    columns = [str(row["name"]) for row in store.rows(f"PRAGMA table_info({view})")]
    assert list(COLUMN_HELP[view]) == columns
    text = (DOCS / "schema.md").read_text(encoding="utf-8")
    chapter = text.split(f"\n## {view}\n")[1].split("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", chapter, re.MULTILINE) == columns


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")) + sorted(ROOT.glob("*.md")), ids=lambda p: p.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_no_file_grows_beyond_reading() -> None:
    long = [p for p in (ROOT / "pipeline").rglob("*.py") if len(p.read_text(encoding="utf-8").splitlines()) > 500]
    assert long == []
