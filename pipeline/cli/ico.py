"""`evidence ico`: the numbers of one intervention, comparator and outcome in one paper."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from pipeline.ask.ico import Answer, Answerer, Group, Value
from pipeline.ask.ico_paper import IcoPaper, load_paper
from pipeline.ask.ico_records import Place, Question
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
    answer = Answerer(found).answer(Question(intervention, comparator, outcome), explain=explain)
    if as_json:
        click.echo(json.dumps(as_object(found, answer, explain=explain), ensure_ascii=False))
    else:
        _print(found, answer, explain=explain)


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


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _proof(paper: IcoPaper, value: Value) -> dict[str, Any]:
    proof: dict[str, Any] = {"derived": value.derived} if value.derived else {}
    return proof | (_where(paper, value.place) if value.place else {})


def _where(paper: IcoPaper, place: Place) -> dict[str, Any]:
    passage = paper.passages[place.passage]
    where: dict[str, Any] = {
        "quote": place.text,
        "passage": passage.ordinal,
        "char_start": place.start,
        "char_end": place.end,
        "section": str(passage.part),
        "page": passage.page,
    }
    if passage.table is not None:
        where["row_headers"], where["column_headers"] = list(place.row_headers), list(place.column_headers)
        where["table"] = passage.table.label
    else:
        where["context"] = _context(passage.text, place)
    if place.xpath or passage.xpath:
        where["xpath"] = place.xpath or passage.xpath
    return where


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
