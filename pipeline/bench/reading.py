"""Sections: every stage over abstracts, JATS and PDF; ratios against the peers that did the same.

Place in the flow: part of the page; both sections rest on one measurement.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.bench.peers import missing_peers, peers_of
from pipeline.bench.plan import Plan, apart
from pipeline.bench.stages import STAGES, Timing, measure

_PER_BATCH = {"abstracts": 50, "JATS": 10}
"""Files between two turns. The peer for JATS goes over each file five times, and four times finds it in the processor's
caches; several files in a row put our one pass, which else always follows the tagging of a paper, into that state too.
"""


def timings(plan: Plan) -> dict[str, Timing]:
    """Kind of paper → what was measured; measured at the first call."""
    if not plan.timings:
        for kind, paths in plan.sets.items():
            plan.timings[kind] = apart(_measure, kind, paths, plan.folder, plan.model)
        if plan.samples:
            plan.timings["corpus/papers"] = apart(_measure, "samples", plan.samples, plan.folder, plan.model)
    return plan.timings


def _measure(kind: str, paths: list[Path], folder: Path, model: str) -> Timing:
    peers = peers_of(kind, folder, model)
    return measure(paths, folder / f"{kind}.db", model=model, peers=peers, batch=_PER_BATCH.get(kind, 1))


def stages(plan: Plan) -> str:
    """Stages in milliseconds per paper, throughput and peak memory."""
    lines = [_stage_row(kind, timing) for kind, timing in timings(plan).items()]
    abstracts = plan.timings["abstracts"]
    share = 100 * abstracts.seconds["load"] / max(abstracts.total, 1e-9)
    return (
        "## Stages\n\nEach stage in milliseconds per paper; `load` writes SQLite with its full-text index.\n\n"
        f"| papers | number | {' | '.join(STAGES)} | papers/s | pages/s | words/s | peak MB |\n"
        f"|---|---|{'---|' * len(STAGES)}---|---|---|---|\n"
        + "\n".join(lines)
        + f"\n\nOver abstracts, writing the database is {share:.1f}% of the whole."
    )


def _stage_row(kind: str, timing: Timing) -> str:
    total, papers = max(timing.total, 1e-9), max(timing.papers, 1)
    share = " | ".join(f"{1000 * timing.seconds[stage] / papers:.1f}" for stage in STAGES)
    pages = f"{timing.pages / total:.1f}" if timing.pages else "–"
    return (
        f"| {kind} | {timing.papers} | {share} | {timing.papers / total:.1f} | {pages} | {timing.words / total:.0f} |"
        f" {timing.peak:.0f} |"
    )


def peers(plan: Plan) -> str:
    """Ratios against the peers of reading, tagging and writing."""
    measured = timings(plan)
    lines = []
    abstracts, jats, pdf = (measured[kind] for kind in ("abstracts", "JATS", "PDF"))
    if "nlp.pipe" in abstracts.peers:
        seconds = abstracts.peers["nlp.pipe"]
        ours, theirs = f"{_rate(abstracts.papers, abstracts.total)} papers/s", f"{_rate(abstracts.papers, seconds)}"
        ratio = f"takes {abstracts.total / max(seconds, 1e-9):.2f} × its time"
        lines.append(f"| end to end over abstracts | `nlp.pipe` of the same model | {ours} | {theirs} | {ratio} |")
    for timing, peer, what in (
        (pdf, "pdfplumber", "PDF with order, boxes and tables | `extract_text()` of pdfplumber"),
        (jats, "pubmed_parser", "JATS with tables and map to the source | metadata, paragraphs, captions, references"
         " and tables of pubmed_parser"),
    ):  # fmt: skip
        if peer in timing.peers:
            lines.append(_reading_row(what, timing, peer))
    for kind, timing in (("abstracts", abstracts), ("JATS", jats), ("PDF", pdf)):
        if "sqlite-utils" in timing.peers:
            lines.append(_writing_row(kind, timing))
    missing = missing_peers()
    note = f"\n\n**Not measured**, because not installed: {', '.join(missing)}." if missing else ""
    return (
        "## Peers\n\n| ours | peer | ours | peer's | so ours |\n|---|---|---|---|---|\n"
        + "\n".join(lines)
        + "\n\nsqlite-utils inserts the rows alone; ours also indexes the text, merges sources and keeps each paper one"
        " transaction." + note
    )


def _rate(count: float, seconds: float) -> str:
    return f"{count / max(seconds, 1e-9):,.1f}"


def _reading_row(what: str, timing: Timing, peer: str) -> str:
    ours, theirs = max(timing.seconds["read"], 1e-9), max(timing.peers[peer], 1e-9)
    count, unit = (timing.pages, "pages/s") if timing.pages else (timing.papers, "papers/s")
    return f"| {what} | {_rate(count, ours)} {unit} | {_rate(count, theirs)} | is {theirs / ours:.2f} × as fast |"


def _writing_row(kind: str, timing: Timing) -> str:
    ours, theirs = max(timing.seconds["load"], 1e-9), max(timing.peers["sqlite-utils"], 1e-9)
    return (
        f"| writing rows of {kind} | plain insert of sqlite-utils | {timing.rows / ours:,.0f} rows/s |"
        f" {timing.rows / theirs:,.0f} | is {theirs / ours:.2f} × as fast |"
    )
