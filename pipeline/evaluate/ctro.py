"""Drug and dose pairs and arm sizes against the templates of C-TrO (Sanchez-Graillet et al. 2022).

Place in the flow: `evidence evaluate ctro-regimens --data FOLDER`, a folder of `NAME.txt` with `NAME_admin.annodb`.

An abstract goes the whole way: reader, tagger, arms. A pair is right if the numbers of the dose are the template's and
our drug's mentions overlap the template's drug; a size is right if the template has an arm of that size. Templates are
often incomplete: abstracts whose templates hold no dose (no size) at all do not count for pairs (for sizes).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import UnreadableSource
from pipeline.evaluate.score import Scores
from pipeline.evidence import Annotated, Arm, Attribution, Dose, Role
from pipeline.read import read_documents
from pipeline.relate.arms import find_study_arms
from pipeline.relate.frame import study_frame
from pipeline.relate.view import sentence_views
from pipeline.tag import load_tagger

Numbers = tuple[float, ...]
_LINE = re.compile(r'\s*\d+, ([\w-]+), (\d+), (\d+), "((?:[^"\\]|\\.)*)", "(?:[^"\\]|\\.)*", ?(.*)$')
_TRIPLE = re.compile(
    r'<http://ctro/data#([\w-]+)> <http://ctro/data#(\w+)> (?:<http://ctro/data#([\w-]+)>|\\?"((?:[^"\\]|\\.)*?)\\?")'
)


@dataclass(frozen=True, slots=True)
class Template:
    """What the annotators wrote: named spans of the text, (drug class, numbers) pairs, arm sizes."""

    spans: tuple[tuple[str, int, int], ...]
    pairs: frozenset[tuple[str, Numbers]]
    sizes: tuple[int, ...]


def read_template(file: Path) -> Template:
    """The template beside a text. Offsets in these files drift, so the words are looked for near them."""
    text = file.read_text(encoding="utf-8")
    spans, triples, drift = [], [], 0
    lines = file.with_name(f"{file.stem}_admin.annodb").read_text(encoding="utf-8").splitlines()
    entries = [match for line in lines if (match := _LINE.match(line))]
    for entry in sorted(entries, key=lambda one: int(one.group(2))):
        place = _near(text, entry.group(4), int(entry.group(2)) + drift)
        if place is not None:
            drift = place[0] - int(entry.group(2)) if len(entry.group(4)) > 2 else drift
            spans.append((_class(entry.group(1)), *place))
        triples += [
            (one.group(1), one.group(2), one.group(3) or one.group(4)) for one in _TRIPLE.finditer(entry.group(5))
        ]
    drugs = {subject: _class(value) for subject, name, value in triples if name == "hasDrug"}
    doses = {(drugs[one], _numbers(value)) for one, name, value in triples if name == "hasDoseValue" and one in drugs}
    sizes = tuple(
        int(numbers[0]) for _, name, value in triples if name == "hasNumberPatientsArm" and (numbers := _numbers(value))
    )
    return Template(tuple(spans), frozenset(pair for pair in doses if pair[1]), sizes)


def _near(text: str, words: str, position: int) -> tuple[int, int] | None:
    pattern = re.compile(r"\s*".join(re.escape(word) for word in words.replace('\\"', '"').split()))
    found = [match.span() for match in pattern.finditer(text, max(0, position - 60), position + 60 + len(words))]
    return min(found, key=lambda span: abs(span[0] - position), default=None)


def _class(name: str) -> str:
    """ "Latanoprost25079" is a drug of the class Latanoprost."""
    return re.sub(r"[_-]?\d+$", "", name).lower()


def _numbers(text: str) -> Numbers:
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", re.sub(r"\s*([.,])\s*", r"\1", text))
    return tuple(sorted(float(one) for one in re.findall(r"\d+(?:\.\d+)?", plain)))


def score_ctro(folder: Path, model: str | None, say: Callable[[str], None]) -> Scores:
    """Counts for "DRUG-DOSE" and "ARM-SIZE".

    Raises:
        UnreadableSource: there is no text with a template in `folder`.
    """
    files = [file for file in sorted(folder.rglob("*.txt")) if file.with_name(f"{file.stem}_admin.annodb").is_file()]
    if not files:
        raise UnreadableSource(f"No NAME.txt with NAME_admin.annodb in {folder}.", what_to_do="Give a part of C-TrO.")
    say(f"ctro-regimens: {len(files)} abstracts")
    tagger = load_tagger("default" if model is None else model)
    scores = Scores()
    for file in files:
        template = read_template(file)
        for document in read_documents(file):
            annotated = tagger.tag(document)  # type: ignore[arg-type]
            arms = find_study_arms(annotated, study_frame(annotated))
            _score_pairs(scores, template, annotated, arms)
            _score_sizes(scores, template, arms)
    return scores


def _score_pairs(scores: Scores, template: Template, annotated: Annotated, arms: tuple[Arm, ...]) -> None:
    if not template.pairs:
        return
    classes = _classes(template, annotated)
    found = {
        (use.drug, _amount(use.dose))
        for arm in arms
        if arm.attribution is Attribution.OWN
        for use in arm.drugs
        if use.dose
    }
    right = 0
    used: set[tuple[str, Numbers]] = set()
    for drug, numbers in sorted(template.pairs):
        hit = next((one for one in sorted(found - used) if one[1] == numbers and drug in classes.get(one[0], ())), None)
        if hit:
            right += 1
            used.add(hit)
    scores.right["DRUG-DOSE"] += right
    scores.found["DRUG-DOSE"] += len(found)
    scores.gold["DRUG-DOSE"] += len(template.pairs)


def _classes(template: Template, annotated: Annotated) -> dict[str, set[str]]:
    """For each of our drug names, the template's classes that stand at the same places, and the name itself."""
    classes: dict[str, set[str]] = {}
    for view in sentence_views(annotated):
        passage = annotated.document.passages[view.passage]
        for drug in view.drugs:
            place = passage.source_span(drug.start, drug.end)
            named = classes.setdefault(drug.name, {re.sub(r"\W", "", drug.name)})
            named.update(name for name, start, end in template.spans if place and start < place[1] and place[0] < end)
    return classes


def _amount(dose: Dose) -> Numbers:
    return tuple(sorted(one for one in (dose.value, dose.low, dose.high) if one is not None)) or _numbers(dose.text)


def _score_sizes(scores: Scores, template: Template, arms: tuple[Arm, ...]) -> None:
    if not template.sizes:
        return
    found = Counter(_sizes(arms))
    gold = Counter(template.sizes)
    scores.right["ARM-SIZE"] += (found & gold).total()
    scores.found["ARM-SIZE"] += found.total()
    scores.gold["ARM-SIZE"] += gold.total()


def _sizes(arms: tuple[Arm, ...]) -> Iterator[int]:
    compared = [
        arm for arm in arms if arm.attribution is Attribution.OWN and arm.role in (Role.INTERVENTION, Role.COMPARATOR)
    ]
    yield from (arm.n for arm in compared if arm.n is not None and len(compared) > 1)
