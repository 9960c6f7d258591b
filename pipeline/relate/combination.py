"""Which drugs of a sentence are given together.

Place in the flow: asked by `allocation.py` where the words between two drugs leave it open; measured by
`evidence evaluate drug-combo`; trained by `pipeline/model/combination.py` (`models/combination/weights.npz`).

A linear classifier gives every pair of drugs the probability of being given together, from the words between, around
and in the sentence; groups then grow by average linkage. Maximal cliques of the likely pairs, which would give A + B
and A + C for "A plus B or C", measured worse: they break long lists up.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations, pairwise
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from pipeline.resources import models_dir

SLOTS = 1 << 15
THRESHOLD = 0.45
_WORD = re.compile(r"[A-Za-z]+|\d+|[^\sA-Za-z\d]")


# What the words between two drugs are, for the commonest links.
_KINDS = {
    ",": "list", "and": "and", ", and": "and", "or": "or", ", or": "or", "plus": "plus", "+": "plus", "/": "plus",
    "-": "plus", "with": "with", "in combination with": "with", "combined with": "with", "versus": "or", "vs": "or",
    "(": "bracket", ") and": "and",
}  # fmt: skip
_CUES = frozenset(
    "combination combinations combined combining plus synergistic synergy synergism regimen regimens versus vs"
    " compared either or alone "
    "monotherapy concomitant coadministration coadministered together followed adjuvant concurrent triple dual"
    " therapy chemotherapy "
    "additive sequential addition added interaction cotreatment pretreatment such including inhibitors "
    "respectively".split()
)


class Place(NamedTuple):
    """Where a drug stands in the sentence's text."""

    start: int
    end: int


def pair_features(text: str, drugs: Sequence[Place], first: int, second: int) -> list[int]:
    """Hashed features of one pair of drugs (`first` stands before `second`)."""
    return sorted({crc32(name.encode()) % SLOTS for name in _names(text, drugs, first, second)})


def _names(text: str, drugs: Sequence[Place], first: int, second: int) -> Iterator[str]:
    one, two = drugs[first], drugs[second]
    between = _words(text, drugs, one.end, two.start)
    before, after = (
        _words(text, drugs, max(0, one.start - 60), one.start)[-4:],
        _words(text, drugs, two.end, two.end + 60)[:4],
    )
    yield "bias"
    yield f"gap={' '.join(between)[:40]}"
    yield f"length={min(8, len(between) // 3)}"
    yield f"others={min(4, second - first - 1)}"
    yield f"drugs={min(6, len(drugs))}"
    for word in set(between):
        yield f"in:{word}"
    for pair in pairwise(between):
        yield f"in2:{pair[0]} {pair[1]}"
    for number, word in enumerate(reversed(before)):
        yield f"before:{word}"
        yield f"before{number}:{word}"
    for number, word in enumerate(after):
        yield f"after:{word}"
        yield f"after{number}:{word}"
    sentence = _words(text, drugs, 0, len(text))
    for word in set(sentence):
        yield f"all:{word}"
    for pair in set(pairwise(sentence)):
        yield f"all2:{pair[0]} {pair[1]}"
    links = [" ".join(_words(text, drugs, drugs[n].end, drugs[n + 1].start))[:24] for n in range(first, second)]
    yield f"next={links[0]}" if len(links) == 1 else f"last={links[-1]}"
    kinds = {_KINDS.get(link, "other") for link in links}
    yield f"kinds={sorted(kinds)}"
    for link in set(links):
        yield f"link={link}"
    cues = sorted({word for word in sentence if word in _CUES})
    yield f"cues={cues}"
    for cue in cues:
        yield f"cue:{cue}:{min(3, len(drugs))}:{sorted(kinds)}"
    yield f"drugs:{min(6, len(drugs))}:{sorted(kinds)}"
    outer = [" ".join(_words(text, drugs, one.end, two.start))[:24] for one, two in pairwise(drugs)]
    yield f"all kinds={sorted({_KINDS.get(link, 'other') for link in outer})}"


def _words(text: str, drugs: Sequence[Place], low: int, high: int) -> list[str]:
    """Words of a stretch in lower case, drugs as "DRUG", numbers as "0"."""
    letters = list(text[low:high])
    for drug in drugs:
        if low <= drug.start and drug.end <= high:
            letters[drug.start - low : drug.end - low] = " QDRUGQ".ljust(drug.end - drug.start, "_")[
                : drug.end - drug.start
            ]
    words = _WORD.findall("".join(letters))
    return ["DRUG" if "QDRUG" in word else ("0" if word.isdecimal() else word.lower()) for word in words if word != "_"]


@lru_cache(maxsize=1)
def _weights() -> NDArray[np.float32]:
    stored = np.load(models_dir() / "combination" / "weights.npz")
    weights: NDArray[np.float32] = np.zeros(SLOTS, dtype=np.float32)
    weights[stored["slots"]] = stored["values"].astype(np.float32)
    return weights


def together(
    text: str, drugs: Sequence[Place], first: int, second: int, weights: NDArray[np.float32] | None = None
) -> float:
    """Probability that two drugs of a sentence are given together."""
    table = _weights() if weights is None else weights
    score = float(table[pair_features(text, drugs, first, second)].sum())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, score))))


def find_combinations(
    text: str, drugs: Sequence[Place], threshold: float = THRESHOLD, weights: NDArray[np.float32] | None = None
) -> list[tuple[int, ...]]:
    """Groups of drugs (indices into `drugs`, which are in text order) that are given together.

    Groups grow by average linkage: two are joined while the mean probability of the pairs across is the highest of all
    and at least `threshold`.
    """
    chance = {frozenset(pair): together(text, drugs, *pair, weights) for pair in combinations(range(len(drugs)), 2)}
    groups: list[tuple[int, ...]] = [(number,) for number in range(len(drugs))]
    while len(groups) > 1:
        mean, one, two = max((_mean(chance, one, two), one, two) for one, two in combinations(groups, 2))
        if mean < threshold:
            break
        groups = [group for group in groups if group not in (one, two)] + [tuple(sorted(one + two))]
    return sorted(group for group in groups if len(group) > 1)


def _mean(chance: dict[frozenset[int], float], one: tuple[int, ...], two: tuple[int, ...]) -> float:
    return sum(chance[frozenset((a, b))] for a in one for b in two) / (len(one) * len(two))
