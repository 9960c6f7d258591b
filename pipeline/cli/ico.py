"""`evidence ico`: the numbers of one intervention, comparator and outcome in one paper."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from pipeline.ask.ico import Answer, Answerer, Group, Value
from pipeline.ask.ico_direction import Directed, direction_of
from pipeline.ask.ico_paper import IcoPaper, load_paper
from pipeline.ask.ico_records import Place, Question
from pipeline.document import Passage
from pipeline.safe import safe
from pipeline.store import open_store

_NAMES = ("events", "total", "mean", "sd")
_SIDES = ("intervention", "comparator")


@click.command("ico")
@click.argument("db", type=click.Path(path_type=Path))
@click.option("--paper", required=True, help="paper_id, DOI, PMID, PMCID or source file name.")
@click.option("--intervention", required=True, help="The group of interest, in your own words.")
@click.option("--comparator", required=True, help="The group to compare with.")
@click.option("--outcome", required=True, help="What was measured.")
@click.option("--explain", is_flag=True, help="Also list the candidates that were rejected, and why.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    db: Path, paper: str, intervention: str, comparator: str, outcome: str, explain: bool, as_json: bool
) -> None:
    """The two groups' numbers for one outcome, each with its quote and place, or `not reported`."""
    with open_store(db, read_only=True) as store:
        found = load_paper(store, paper)
    question = Question(intervention, comparator, outcome)
    answer = Answerer(found).answer(question, explain=explain)
    directed = direction_of(found, question)
    if as_json:
        made = as_object(found, answer, explain=explain) | {"direction": _direction(found, directed)}
        click.echo(json.dumps(made, ensure_ascii=False))
    else:
        _print(found, answer, explain=explain)
        _print_direction(found, directed)


def as_object(paper: IcoPaper, answer: Answer, *, explain: bool = False) -> dict[str, Any]:
    """The answer as plain values; the proof of every number stands under "proof"."""
    sides: Sequence[tuple[str, Group]] = (("intervention", answer.intervention), ("comparator", answer.comparator))
    made: dict[str, Any] = {"paper_id": paper.paper_id, "outcome_type": answer.outcome_type}
    for side, group in sides:
        values: dict[str, Value | None] = {name: getattr(group, name) for name in _NAMES}
        made[side] = {name: None if value is None else _plain(value.value) for name, value in values.items()}
    made["proof"] = {
        side: {name: _proof(paper, value) for name in _NAMES if (value := getattr(group, name)) is not None}
        for side, group in sides
    }
    made["probability"] = round(answer.probability, 3)
    if explain:
        made["rejected"] = [
            {"values": one.text, "probability": round(one.probability, 3), "why": one.why, **_where(paper, one.place)}
            for one in answer.rejected
        ]
    return made


def _direction(paper: IcoPaper, found: Directed | None) -> dict[str, Any] | None:
    """Higher, lower or no different in the intervention, the chance that this is right, and the sentence."""
    if found is None or found.place is None:
        return None
    return {
        "direction": str(found.direction),
        "probability": round(found.confidence, 3),
        **_where(paper, found.place),
    }


def _print_direction(paper: IcoPaper, found: Directed | None) -> None:
    if found is not None and found.place is not None:
        quote = " ".join(found.place.text.split())[:200]
        click.echo(f"direction: {found.direction} ({found.confidence:.2f})  {safe(repr(quote))}")


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _proof(paper: IcoPaper, value: Value) -> dict[str, Any]:
    proof: dict[str, Any] = {"derived": value.derived} if value.derived else {}
    return proof | (_where(paper, value.place) if value.place else {})


def _where(paper: IcoPaper, place: Place) -> dict[str, Any]:
    passage = paper.passages[place.passage]
    page, bbox = _on_page(passage, place)
    where: dict[str, Any] = {
        "quote": place.text,
        "passage": passage.ordinal,
        "char_start": place.start,
        "char_end": place.end,
        "section": str(passage.part),
        "page": page,
        "bbox": bbox,
    }
    if passage.table is not None:
        where["row_headers"], where["column_headers"] = list(place.row_headers), list(place.column_headers)
        where["table"] = passage.table.label
    else:
        where["context"] = _context(passage.text, place)
    if place.xpath or passage.xpath:
        where["xpath"] = place.xpath or passage.xpath
    return where


def _on_page(passage: Passage, place: Place) -> tuple[int | None, list[float] | None]:
    """Page and enclosing box (x0, top, x1, bottom in points) of the words on the first page they touch; PDF only."""
    boxes = passage.boxes_of(place.start, place.end)
    if not boxes and passage.table is not None:
        cells = [c for c in passage.table.cells if c.start < place.end and place.start < c.end]
        boxes = tuple(cell.box for cell in cells if cell.box is not None)
    if not boxes:
        return passage.page, None
    page = min(box.page for box in boxes)
    here = [box for box in boxes if box.page == page]
    low = min(box.x0 for box in here), min(box.top for box in here)
    high = max(box.x1 for box in here), max(box.bottom for box in here)
    return page, [round(side, 2) for side in (*low, *high)]


def _context(text: str, place: Place) -> str:
    """The sentence around a quote, roughly."""
    low = max(text.rfind(". ", 0, place.start) + 2, place.start - 300, 0) if ". " in text[: place.start] else 0
    high = text.find(". ", place.end)
    return text[low : high + 1 if high >= 0 else len(text)].strip()[:800]


def _print(paper: IcoPaper, answer: Answer, *, explain: bool) -> None:
    click.echo(f"{safe(paper.paper_id)}  {safe(answer.outcome_type or 'values not reported')}")
    for side in _SIDES:
        group = getattr(answer, side)
        click.echo(f"{side}:")
        for name in _shown(answer):
            value: Value | None = getattr(group, name)
            click.echo(f"  {name:7} {_line(paper, value)}")
    if explain:
        click.echo("rejected:")
        for one in answer.rejected:
            where = _where(paper, one.place)
            click.echo(f"  {one.probability:.2f}  {safe(one.text)}  [{safe(_short(where))}]  {one.why}")


def _shown(answer: Answer) -> tuple[str, ...]:
    if answer.outcome_type == "binary":
        return "events", "total"
    return ("mean", "sd", "total") if answer.outcome_type == "continuous" else _NAMES


def _line(paper: IcoPaper, value: Value | None) -> str:
    if value is None:
        return "not reported"
    number = f"{_plain(value.value)}" + (f" ({value.derived})" if value.derived else "")
    return f"{number:22} {safe(_short(_where(paper, value.place)))}" if value.place else number


def _short(where: dict[str, Any]) -> str:
    """Where a number stands, in one line."""
    if "column_headers" in where:
        row, column = " > ".join(where["row_headers"]), " > ".join(where["column_headers"])
        heads = f"{row} | {column}: " if row or column else ""
        return f"{where['table'] or 'table'}: {heads}{where['quote']!r}"
    page = f"page {where['page']}, " if where["page"] is not None else ""
    return f"{page}{where['section']}: {where['context'][:160]!r}"
