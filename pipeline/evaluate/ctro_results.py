"""C-TrO templates: the numbers of the arms, p-values, arm sizes and drug–dose pairs of trial abstracts.

Place in the flow: `evidence evaluate ctro-results`; the whole pipeline reads `*.txt` and is compared with the templates
in `*.n-triples` (Sanchez-Graillet et al. 2022). A number counts once per abstract and kind, signs aside, because a
template names its arm and outcome by classes of an ontology and not by the words of the text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from pipeline.assemble import assemble
from pipeline.document import Document, Part, Passage, Section, Source, SourceMap
from pipeline.errors import UnknownFormat
from pipeline.evaluate.score import Scores
from pipeline.evidence import Attribution, PaperEvidence
from pipeline.relate import relate

_TRIPLE = re.compile(
    r"^<[^>]*#(?P<subject>[^>]+)> <[^>]*#(?P<slot>[^>]+)> "
    r'(?:"(?P<text>.*)"|<[^>]*#(?P<object>[^>]+)>) \.$'
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_RESULT_SLOTS = frozenset(
    (
        "hasResultMeasuredValue",
        "hasPercentageAffected",
        "hasNumberAffected",
        "hasChangeValue",
        "hasRelativeChangeValue",
        "hasBaselineValue",
    )
)
_P_SLOTS = frozenset(("hasPvalueDiff", "hasPValueChangeValue", "hasPValueBL"))
_HEADING = re.compile(r"(?<![A-Za-z])(?P<label>[A-Z][A-Z /&,-]{4,60}): ")
_SECTIONS: tuple[tuple[str, Section | None], ...] = (
    ("BACKGROUND", Section.BACKGROUND),
    ("INTRODUC", Section.BACKGROUND),
    ("CONCLU", Section.CONCLUSION),
    ("RESULT", Section.RESULTS),
    ("FINDING", Section.RESULTS),
    ("METHOD", Section.METHODS),
    ("DESIGN", Section.METHODS),
    ("PATIENTS", Section.METHODS),
    ("OBJECTIVE", None),
)
Item = tuple[object, str]


def score_ctro(folder: Path, model: str | None) -> Scores:
    """Run the pipeline on every abstract of a folder and compare it with the templates.

    Args:
        folder: one part of the corpus, or the corpus (then `test`, else `validation`, is taken).
        model: as `pipeline.tag.load_tagger` takes it; None for the default.

    Raises:
        UnknownFormat: the folder holds no templates.
    """
    from pipeline.tag import load_tagger  # late: spaCy is slow to import

    part = next((folder / name for name in ("test", "validation") if (folder / name).is_dir()), folder)
    templates = sorted(part.glob("*.n-triples"))
    if not templates:
        raise UnknownFormat(f"{folder} holds no C-TrO templates.", what_to_do="Expected: *.txt and *_admin.n-triples.")
    tagger = load_tagger("default" if model is None else model)
    scores = Scores()
    for template in templates:
        text = template.with_name(re.sub(r"_[a-z]+\.n-triples\Z", ".txt", template.name))
        if text.is_file():
            evidence = assemble(relate(tagger.tag(read_abstract(text.read_text(encoding="utf-8"), text.name))))
            scores.add(template_items(template.read_text(encoding="utf-8")), evidence_items(evidence))
    return scores


def read_abstract(text: str, name: str) -> Document:
    """One line of PubMed text as passages, without its head and foot; headings in capitals make the sections."""
    head = re.search(r"Author information:.*?(?=\s\s[A-Z])|(?<=\.)\s\s(?=[A-Z][a-z])", text, re.DOTALL)
    start = head.end() if head else 0
    tail = re.search(r"\s(?:DOI: |PMID: |Copyright |©)", text[start:])
    end = start + tail.start() if tail else len(text)
    marks = [
        (match.start() + start, match.end() + start, match["label"]) for match in _HEADING.finditer(text[start:end])
    ]
    bounds: list[tuple[int, Section | None]] = [(start, None)] + [(after, _section(label)) for _, after, label in marks]
    stops = [before for before, _, _ in marks] + [end]
    passages: list[Passage] = []
    for (low, section), high in zip(bounds, stops, strict=True):
        if text[low:high].strip():
            piece = text[low:high]
            passages.append(
                Passage(
                    len(passages), Part.ABSTRACT, piece, section=section, source_map=SourceMap.identity(len(piece), low)
                )
            )
    return Document(Source(name, "text", "0" * 64), tuple(passages))


def _section(label: str) -> Section | None:
    return next((section for key, section in _SECTIONS if key in label), None)


def template_items(triples: str) -> list[Item]:
    """The numbers of one template as (what, kind)."""
    items: list[Item] = []
    slots: dict[str, dict[str, str]] = defaultdict(dict)
    for line in triples.splitlines():
        match = _TRIPLE.match(line.strip())
        if match is None:
            continue
        slots[match["subject"]][match["slot"]] = match["text"] if match["text"] is not None else match["object"]
        numbers = _numbers(match["text"] or "")
        if match["slot"] in _RESULT_SLOTS:
            items += [(number, "arm number") for number in numbers[:1]]
        elif match["slot"] in _P_SLOTS:
            items += [(number, "p-value") for number in numbers[:1]]
        elif match["slot"] == "hasNumberPatientsArm":
            items += [(number, "arm size") for number in numbers[:1]]
    for entity in slots.values():
        if "hasDoseValue" in entity and "hasDrug" in entity:
            amount = _numbers(entity["hasDoseValue"])[:1]
            items += [((_plain(entity["hasDrug"]), number), "drug-dose pair") for number in amount]
    return items


def evidence_items(evidence: PaperEvidence) -> list[Item]:
    """The same kinds of item from a paper's rows."""
    items: list[Item] = []
    for row in evidence.results:
        if row.attribution is Attribution.OWN:
            printed = (row.value, row.percent, row.events if row.percent is None else None)
            items += [(abs(number), "arm number") for number in printed if number is not None]
    items += [(row.p_value, "p-value") for row in evidence.comparisons if row.p_value is not None]
    items += [(float(arm.n), "arm size") for arm in evidence.arms if arm.n is not None and arm.role != "background"]
    for arm in evidence.arms:
        for use in arm.drugs:
            if use.dose is not None:
                amounts = {use.dose.value, use.dose.low, use.dose.high} - {None}
                items += [((_plain(use.drug), amount), "drug-dose pair") for amount in amounts]
    return items


def _numbers(text: str) -> list[float]:
    """Numbers of a tokenised string: "P < 0 . 0001" holds 0.0001."""
    joined = re.sub(r"(?<=\d)\s*[.·]\s*(?=\d)|(?<!\d)[.·]\s+(?=\d)", ".", text)
    return [float(number) for number in _NUMBER.findall(joined.replace(",", ""))]


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())
