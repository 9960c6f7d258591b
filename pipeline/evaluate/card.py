"""The model card: written from the model folder and the corpus table, never by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.model.corpora.registry import CORPORA
from pipeline.model.tagger import COMPONENT

_FEW_GOLD = 12


def _history(notes: dict[str, Any]) -> list[str]:
    """How the weights came about."""
    if not notes["settings"]["steps"] and "mean_of" in notes:
        return ["The mean of the weights of:", "", *(f"- {_updates(one)}" for one in notes["mean_of"])]
    return [f"Trained on the corpora below: {_updates(notes)}."]


def _updates(notes: dict[str, Any]) -> str:
    settings = notes["settings"]
    text = f"{settings['steps']} updates of {settings['batch_words']} tokens, seed {settings['seed']}, "
    text += f"on the {notes['trained_on']}"
    extra = [f"labels of {notes['teachers']} teachers"] if notes.get("teachers") else []
    extra += [f"{words} tokens a time of hidden words" for words in [settings.get("masked_words")] if words]
    extra += [f"{share:.0%} of the words blanked" for share in [settings.get("blanked")] if share]
    text += f" (with {' and '.join(extra)})" if extra else ""
    return f"{text}; before that {_updates(notes['before'])}" if "before" in notes else text


def write_card(folder: Path) -> None:
    """Write `README.md` into a model folder (run again after any change to `scores.json`)."""
    facts = json.loads((folder / COMPONENT / "tagger.json").read_text(encoding="utf-8"))
    measured = json.loads((folder / "scores.json").read_text(encoding="utf-8"))
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    notes = facts["notes"]
    lines = [
        "# Model card: evidence_ner",
        "",
        "A spaCy pipeline (numpy and thinc, no torch) that marks chemicals, diseases, doses, outcomes, participants",
        f"and the numbers of trials in English biomedical text. {size:.0f} MB. Written by `evidence train`.",
        "",
        *_history(notes),
        "",
        "## Scores on held-out texts",
        "",
        "Strict: same offsets, same label, in per cent. Outcomes are chosen by lines fitted on four fifths of",
        "the held-out texts and scored on the others.",
        *(
            [
                "The shipped model was trained on train and development parts; these are the figures of its twin, the",
                "same recipe trained on the train parts alone and scored on the development parts.",
            ]
            if measured["of_twin"]
            else []
        ),
        "",
        *_score_table(measured["scores"]),
        "",
        "## Labels per head",
        "",
        *(f"- `{head}`: {', '.join(labels)}" for head, labels in facts["heads"].items()),
        "",
        "## Corpora",
        "",
        "| corpus | texts | tokens | licence | source | teaches |",
        "|---|---|---|---|---|---|",
        *(_corpus_line(name, counts) for name, counts in notes["corpora"].items()),
        "",
        "Corpora that forbid commercial use were left out.",
        "",
        "## Limits",
        "",
        "English abstracts and articles only. The chemical head marks every chemical, analytes (creatinine) included;",
        "which of them are treatments is decided later. Scores on other kinds of text will be lower.",
    ]
    (folder / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _score_table(scores: dict[str, Any]) -> list[str]:
    lines = ["| corpus | label | P | R | F1 |", "|---|---|---|---|---|"]
    for name, report in scores.items():
        lines.append(_score_line(f"**{name}** ({report['texts']} texts)", "all", report["micro"]))
        shown = sorted(report["labels"].items(), key=lambda item: -item[1]["f1"])[:_FEW_GOLD]
        if len(report["labels"]) > 1:
            lines += [_score_line("", label, line) for label, line in shown]
    return lines


def _score_line(name: str, label: str, line: dict[str, float]) -> str:
    return f"| {name} | {label} | {100 * line['p']:.1f} | {100 * line['r']:.1f} | {100 * line['f1']:.1f} |"


def _corpus_line(name: str, counts: dict[str, int]) -> str:
    corpus = CORPORA[name]
    return f"| {name} | {counts['texts']} | {counts['tokens']} | {corpus.licence} | {corpus.source} | {corpus.use} |"
