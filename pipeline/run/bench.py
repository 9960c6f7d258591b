"""How fast it is: papers made by rule (or given), every stage timed, peers in the same run.

Place in the flow: behind `evidence bench` and `make bench`. Times are processor seconds of this process, so that other
work on the machine disturbs them little; ratios come from the same run. Peers that are not installed are named as such.
"""

from __future__ import annotations

import os
import random
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pipeline.document import Document
from pipeline.run.engine import tagger_for
from pipeline.store import open_store, rows_of

T = TypeVar("T")
STAGES = ("read", "tag", "relate", "rows", "load")
_DRUGS = ("voclosporin", "tacrolimus", "rituximab", "cyclophosphamide", "prednisolone", "azathioprine", "mizoribine")
_LESIONS = ("minimal change disease", "membranous nephropathy", "lupus nephritis", "IgA nephropathy")


@dataclass(slots=True)
class Timing:
    """Seconds per stage and counts of one set of papers."""

    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STAGES, 0.0))
    papers: int = 0
    words: int = 0
    pages: int = 0
    failures: int = 0

    @property
    def total(self) -> float:
        """Seconds of all stages."""
        return sum(self.seconds.values())

    def measure(self, stage: str, work: Callable[[], T]) -> T:
        """Run `work` and add its time to the stage."""
        begun = time.process_time()
        try:
            return work()
        finally:
            self.seconds[stage] += time.process_time() - begun


def made_abstract(number: int) -> str:
    """An invented abstract of some 120 words; the same for the same number."""
    rng = random.Random(number)
    drug, other = rng.sample(_DRUGS, 2)
    lesion, n, m = rng.choice(_LESIONS), rng.randint(20, 300), rng.randint(20, 300)
    a, b = rng.randint(1, n), rng.randint(1, m)
    mean, spread = rng.randint(20, 60) / 10, rng.randint(3, 15) / 10
    return (
        f"{drug.capitalize()} or {other} in adults with {lesion}: trial {number}.\n\n"
        f"We compared {drug} with {other} in {lesion}. {n + m} adults were randomised to {drug} {rng.randint(1, 9)} "
        f"mg/kg daily (n = {n}) or {other} {rng.randint(10, 90)} mg twice daily (n = {m}) for {rng.randint(3, 24)} "
        f"months. Complete remission was seen in {a} of {n} patients given {drug} ({100 * a / n:.0f}%) and in {b} of "
        f"{m} given {other} ({100 * b / m:.0f}%; P = 0.0{rng.randint(1, 9)}). Proteinuria fell to {mean} ± {spread} "
        f"g/day with {drug} and to {mean + 0.7:.1f} ± {spread} g/day with {other}. Serum albumin rose in both groups. "
        f"Infections were seen in {rng.randint(1, 9)} and {rng.randint(1, 9)} patients, and nobody died.\n"
    )


def write_abstracts(folder: Path, n: int) -> list[Path]:
    """Invented abstracts as files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:06}.txt" for number in range(n)]
    for number, path in enumerate(paths):
        path.write_text(made_abstract(number), encoding="utf-8")
    return paths


def measure(paths: Sequence[Path], db: Path, *, model: str = "default") -> Timing:
    """All stages over these files into a new database, in this process."""
    from pipeline.assemble import assemble
    from pipeline.read import read_documents
    from pipeline.relate import relate

    timing, tagger = Timing(), tagger_for(model)
    with open_store(db, create=True) as store:
        for path in paths:
            try:
                documents = timing.measure("read", lambda path=path: list(read_documents(path)))  # type: ignore[misc]
            except Exception:
                timing.failures += 1
                continue
            for document in documents:
                if not isinstance(document, Document):
                    timing.failures += 1
                    continue
                one = timing.measure("tag", lambda d=document: tagger.tag(d))  # type: ignore[misc]
                found = timing.measure("relate", lambda a=one: assemble(relate(a)))  # type: ignore[misc]
                rows = timing.measure("rows", lambda e=found: rows_of(e, extractor_version="bench"))  # type: ignore[misc]
                timing.measure("load", lambda r=rows: store.load_rows(r))  # type: ignore[misc]
                timing.papers += 1
                timing.words += sum(len(passage.text.split()) for passage in document.passages)
                timing.pages += document.n_pages or 0
    return timing


def plain_pipe_seconds(paths: Sequence[Path], *, model: str = "default") -> float:
    """The peer: `nlp.pipe` of the same model over the same texts, and nothing else."""
    from pipeline.read import decode
    from pipeline.tag import load_tagger

    nlp = load_tagger(model).nlp
    texts = [decode(path) for path in paths]
    begun = time.process_time()
    for _ in nlp.pipe(texts):
        pass
    return time.process_time() - begun


def peak_megabytes() -> float:
    """Highest resident memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def machine() -> str:
    """What it ran on."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return f"{os.cpu_count()} cores, load {load:.1f} at the start"
