"""Relations inside one sentence: dose and drug (ADE), drugs given together (drug combinations).

Place in the flow: `evidence evaluate ade-dose` and `evidence evaluate drug-combo`. Both give the gold mentions to the
rule or classifier that `relate` uses and score the relation alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from pipeline.errors import UnreadableSource
from pipeline.evaluate.score import Scores
from pipeline.model.combination import read_sentences
from pipeline.relate.combination import Place, find_combinations
from pipeline.relate.pairing import Extent, pair_doses

Say = Callable[[str], None]
_Span = tuple[int, int]


def score_ade_doses(path: Path, say: Say) -> Scores:
    """Pairs of DRUG-DOSE.rel: `pmid|sentence|dose|start|end|drug|start|end`, offsets of the whole abstract."""
    file = _file(path, "DRUG-DOSE.rel")
    sentences: dict[tuple[str, str], set[tuple[str, _Span, str, _Span]]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        fields = line.split("|")
        dose, drug = (fields[-6], int(fields[-5]), int(fields[-4])), (fields[-3], int(fields[-2]), int(fields[-1]))
        pair = (dose[0], (dose[1], dose[2]), drug[0], (drug[1], drug[2]))
        sentences.setdefault((fields[0], "|".join(fields[1:-6])), set()).add(pair)
    say(f"ade-dose: {len(sentences)} sentences of {file.name}")
    scores = Scores()
    for (_, text), pairs in sentences.items():
        shift = _shift(text, pairs)
        doses = sorted({dose for _, dose, _, _ in pairs})
        drugs = sorted({drug for _, _, _, drug in pairs})
        gold = [((dose, drug), "DRUG-DOSE") for _, dose, _, drug in pairs]
        if shift is None:  # the sentence's words do not stand at the offsets: counted as missed
            scores.add(gold, [])
            continue
        found = pair_doses(
            text,
            [Extent(start - shift, end - shift) for start, end in drugs],
            [Extent(start - shift, end - shift) for start, end in doses],
        )
        scores.add(gold, [((doses[one.dose], drugs[one.drug]), "DRUG-DOSE") for one in found])
    return scores


def _shift(text: str, pairs: set[tuple[str, _Span, str, _Span]]) -> int | None:
    """What to take from an abstract's offset to get the sentence's."""
    spans = [(words, span) for dose, at, drug, place in pairs for words, span in ((dose, at), (drug, place))]
    words, (start, _) = spans[0]
    for match in re.finditer(re.escape(words), text):
        shift = start - match.start()
        if all(text[low - shift : high - shift] == words for words, (low, high) in spans):
            return shift
    return None


def score_combinations(path: Path, say: Say) -> Scores:
    """Sets of drugs given together, any label: exactly the same set. The partial score is said."""
    file = _file(path, "*.jsonl")
    sentences = read_sentences(file)
    say(f"drug-combo: {len(sentences)} sentences of {file.name}")
    scores, recalls, precisions = Scores(), [], []
    for number, sentence in enumerate(sentences):
        found = [
            frozenset(group) for group in find_combinations(sentence.text, [Place(*one) for one in sentence.drugs])
        ]
        gold = set(sentence.combinations)
        scores.add([((number, one), "COMBINATION") for one in gold], [((number, one), "COMBINATION") for one in found])
        recalls += [_best(one, found) for one in gold]
        precisions += [_best(one, list(gold)) for one in found]
    share = [sum(values) / len(values) if values else 0.0 for values in (precisions, recalls)]
    both = 2 * share[0] * share[1] / (sum(share) or 1.0)
    say(f"partial match (overlap by union of at least two drugs): P {share[0]:.3f} R {share[1]:.3f} F1 {both:.3f}")
    return scores


def _best(one: frozenset[int], others: list[frozenset[int]]) -> float:
    return max((len(one & other) / len(one | other) for other in others if len(one & other) > 1), default=0.0)


def _file(path: Path, pattern: str) -> Path:
    found = [path] if path.is_file() else sorted(path.rglob(pattern))
    if not found:
        raise UnreadableSource(f"No {pattern} in {path}.", what_to_do="Give the file, or the folder that holds it.")
    return found[0]
