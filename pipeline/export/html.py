"""One self-contained report that opens from disk: evidence table, quotes in context, evidence map.

No request leaves it. The page works without JavaScript; a small inline script filters the table as one types.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from html import escape
from importlib.resources import files
from itertools import groupby
from pathlib import Path

from pipeline.ask.summary import papers_of_pairs
from pipeline.export.selection import Row, Selection, Value
from pipeline.safe import safe
from pipeline.store import Store

_COLUMNS = (
    ("population", "Population"), ("histology", "Histology"), ("regimen", "Regimen"), ("comparator", "Comparator"),
    ("outcome", "Outcome"), ("value", "Value"), ("comparator_value", "Comparator value"), ("p", "P"),
    ("direction", "Direction"), ("timepoint", "Time"), ("attribution", "Whose"), ("page", "Page"),
)  # fmt: skip
_CONTEXT = 240  # characters of the passage shown on each side of a quote
_NAME = 34  # characters of a name on the map
_MAP_SIZE = (12, 10)  # drugs and histologies on the map, the most frequent first


def write(store: Store, selection: Selection, folder: Path) -> list[Path]:
    """`report.html`."""
    rows = list(selection.rows(store, "evidence"))
    titles = {row["paper_id"]: row for row in selection.rows(store, "papers")}
    contexts = _contexts(store, selection)
    template = (files("pipeline.export") / "report.html").read_text(encoding="utf-8")
    body = "\n".join(
        _paper(titles[paper], list(group), contexts) for paper, group in groupby(rows, key=lambda row: row["paper"])
    )
    page = (
        template.replace("{{summary}}", escape(_summary(rows, titles)))
        .replace("{{map}}", _map(selection.rows(store, "results")))
        .replace("{{body}}", body or "<p>No evidence rows.</p>")
    )
    path = folder / "report.html"
    path.write_text(page, encoding="utf-8")
    return [path]


def _summary(rows: list[Row], papers: dict[Value, Row]) -> str:
    shown = len({row["paper"] for row in rows})
    return f"{len(rows)} evidence rows from {shown} of {len(papers)} papers."


def _contexts(store: Store, selection: Selection) -> dict[Value, tuple[str, str, str]]:
    """result id → the text before its quote, the quote, and the text after."""
    texts = {row["passage_id"]: str(row["text"]) for row in selection.rows(store, "passages")}
    found = {}
    for row in selection.quoted(store):
        text, start, end = texts[row["passage_id"]], row["char_start"], row["char_end"]
        if isinstance(start, int) and isinstance(end, int):
            found[row["row_id"]] = (_before(text[:start]), text[start:end], _after(text[end:]))
    return found


def _before(text: str) -> str:
    """The last words before a quote."""
    if len(text) <= _CONTEXT:
        return text
    return "… " + text[-_CONTEXT:].split(maxsplit=1)[-1]


def _after(text: str) -> str:
    """The first words after a quote."""
    if len(text) <= _CONTEXT:
        return text
    return text[:_CONTEXT].rsplit(maxsplit=1)[0] + " …"


def _paper(paper: Row, rows: list[Row], contexts: dict[Value, tuple[str, str, str]]) -> str:
    title = safe(str(paper["title"] or paper["source"]))
    where = ", ".join(safe(str(paper[name])) for name in ("journal", "year", "design", "paper_id") if paper[name])
    used = [(name, head) for name, head in _COLUMNS if any(row[name] is not None for row in rows)]
    heads = "".join(f'<th scope="col">{head}</th>' for _, head in used)
    body = "\n".join(_row(row, [name for name, _ in used], contexts.get(row["result_id"])) for row in rows)
    return (
        f'<section class="paper"><h2>{escape(title)}</h2><p class="where">{escape(where)}</p>'
        f'<div class="scroll" tabindex="0" role="region" aria-label="Evidence of {escape(title, quote=True)}">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div></section>"
    )


def _row(row: Row, columns: list[str], context: tuple[str, str, str] | None) -> str:
    cells = "".join(f"<td>{escape(_text(row[name]))}</td>" for name in columns)
    before, quote, after = context or ("", str(row["quote"]), "")
    return (
        f'<tr class="row">{cells}</tr><tr class="proof"><td colspan="{len(columns)}"><details><summary>'
        f"{escape(quote)}</summary><p>{escape(before)}<mark>{escape(quote)}</mark>{escape(after)}</p></details></td></tr>"
    )


def _text(value: Value) -> str:
    return "" if value is None else safe(str(value))


def _map(results: Iterable[Row]) -> str:
    """Drug x histology bubbles as inline SVG: the area is the number of papers."""
    papers = {pair: set(told) for pair, told in papers_of_pairs(results).items()}
    by_drug: Counter[str] = Counter()
    by_histology: Counter[str] = Counter()
    for (drug, histology), members in papers.items():
        by_drug[drug] += len(members)
        by_histology[histology] += len(members)
    # Names without a bubble among those shown would be empty lines.
    across = [name for name, _ in sorted(by_drug.items(), key=lambda item: (-item[1], item[0]))[: _MAP_SIZE[0]]]
    down = [name for name, _ in sorted(by_histology.items(), key=lambda item: (-item[1], item[0]))[: _MAP_SIZE[1]]]
    across = [drug for drug in across if any((drug, histology) in papers for histology in down)]
    down = [histology for histology in down if any((drug, histology) in papers for drug in across)]
    if not papers:
        return "<p>No drugs to map.</p>"
    return _svg(across, down, {key: len(members) for key, members in papers.items()})


def _svg(across: list[str], down: list[str], counts: dict[tuple[str, str], int]) -> str:
    left, top, right, step = 250, 190, 170, 56
    most = max(counts.values())
    width, height = left + step * len(across) + right, top + step * len(down) + 10
    parts = [
        f'<div class="map" tabindex="0" role="region" aria-label="Evidence map"><svg viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}" role="img"'
        ' aria-label="Evidence map: number of papers by drug and histology">'
    ]
    for i, drug in enumerate(across):
        x, y = left + step * i + step // 2, top - 10
        parts.append(f'<text x="{x}" y="{y}" transform="rotate(-45 {x} {y})">{escape(_short(drug))}</text>')
    for j, histology in enumerate(down):
        y = top + step * j + step // 2
        parts.append(f'<text x="{left - 10}" y="{y + 5}" text-anchor="end">{escape(_short(histology))}</text>')
        for i, drug in enumerate(across):
            count = counts.get((drug, histology))
            if count:
                radius = 8 + 16 * (count / most) ** 0.5
                x = left + step * i + step // 2
                parts.append(
                    f'<circle cx="{x}" cy="{y}" r="{radius:.1f}"/><text class="n" x="{x}" y="{y + 5}">{count}</text>'
                )
    return "".join([*parts, "</svg></div>"])


def _short(name: str) -> str:
    name = safe(name)
    return name if len(name) <= _NAME else name[: _NAME - 1] + "…"
