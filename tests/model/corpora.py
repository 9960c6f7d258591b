"""Tiny made-up corpora in the formats of the real ones."""

from __future__ import annotations

import json
from pathlib import Path

_SENTENCES = [
    ("Zorvatin lowered pain in adults .", [(0, 8, "Chemical"), (17, 21, "Disease")]),
    ("We gave Mebralin for chronic cough .", [(8, 16, "Chemical"), (21, 34, "Disease")]),
    ("Fatigue followed Zorvatin-induced anaemia .", [(0, 7, "Disease"), (17, 25, "Chemical"), (34, 42, "Disease")]),
    ("Mebralin and Zorvatin were safe .", [(0, 8, "Chemical"), (13, 21, "Chemical")]),
]


def write_pubtator(folder: Path, copies: int = 4) -> Path:
    """`train.PubTator.txt` and `dev.PubTator.txt`: the title is one sentence, the abstract another."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in ("train", "dev"):
        lines = []
        for i in range(copies):
            (title, first), (abstract, second) = _SENTENCES[i % 4], _SENTENCES[(i + 1) % 4]
            number = f"{100 + i}"
            lines += [f"{number}|t|{title}", f"{number}|a|{abstract}"]
            shift = len(title) + 1
            for start, end, kind in [*first, *((a + shift, b + shift, k) for a, b, k in second)]:
                text = f"{title} {abstract}"[start:end]
                lines.append(f"{number}\t{start}\t{end}\t{text}\t{kind}\tD000")
            lines += [f"{number}\tCID\tD1\tD2", ""]
        (folder / f"{part}.PubTator.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder


def write_iob(path: Path) -> Path:
    """Two columns, two sentences."""
    path.write_text(
        "Severe\tO\ncough\tB-Disease\n.\tO\n\nNo\tO\nMorbus\tB-Disease\nX\tI-Disease\n.\tO\n", encoding="utf-8"
    )
    return path


def write_phee(path: Path) -> Path:
    """One sentence with two arguments and a discontinuous effect."""
    text = "A man got 5 mg Zorvatin and then rash on arms and legs ."
    record = {
        "id": "1_0",
        "context": text,
        "annotations": [
            {
                "events": [
                    {
                        "event_type": "Adverse_event",
                        "Subject": {"text": [["A man"]], "start": [[0]]},
                        "Treatment": {
                            "text": [["5 mg Zorvatin"]],
                            "start": [[10]],
                            "Drug": {"text": [["Zorvatin"]], "start": [[15]]},
                            "Dosage": {"text": [["5 mg"]], "start": [[10]]},
                        },
                        "Effect": {"text": [["rash", "legs"]], "start": [[33, 50]]},
                    }
                ]
            }
        ],
    }
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    return path


def write_ctro(folder: Path) -> Path:
    """One abstract of seven tokens: a combination drug with a part, a dose and an unknown class with its slot."""
    folder.mkdir(parents=True, exist_ok=True)
    words = ["Dorzolamide", "/", "timolol", "2", "%", "versus", "Novimab"]
    rows, at = ["# DocID, SentenceNr, SenTokenPos, DocTokenPos, SenCharOnset(incl), SenCharOffset(excl), x, y, Text"], 0
    for i, word in enumerate(words):
        rows.append(f'1, 1, {i}, {i}, {at}, {at + len(word)}, {at}, {at + len(word)}, "{word}"')
        at += len(word) + 1
    (folder / "gl_1_export.csv").write_text("\n".join(rows), encoding="utf-8")
    slot = '"<http://ctro/data#M_1> <http://ctro/data#hasDrug> <http://ctro/data#Novimab>."'
    marks = [
        "# AnnotationID, ClassType, DocCharOnset(incl), DocCharOffset(excl), Text, Meta, Instances",
        '1, Dorz/TimFC, 0, 21, "Dorzolamide / timolol", "", ',
        '2, Timolol, 14, 21, "timolol", "", ',
        '3, DoseValue, 22, 23, "2", "", ',
        f'4, Novimab, 33, 40, "Novimab", "", {slot}',
    ]
    (folder / "gl_1_admin.annodb").write_text("\n".join(marks), encoding="utf-8")
    return folder
