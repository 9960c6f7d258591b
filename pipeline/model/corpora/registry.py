"""The corpora the model is trained and scored on: where their parts lie, how they are read, under which licence.

Corpora whose licence forbids commercial use are left out on purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import UnknownFormat, UnreadableSource
from pipeline.model.corpora.labelled import Labelled
from pipeline.model.corpora.text_formats import (
    read_ade_doses,
    read_brat,
    read_chemprot,
    read_evidence_outcomes,
    read_phee,
    read_pubtator,
    read_trials,
)
from pipeline.model.corpora.word_formats import read_ctro, read_docbin, read_iob

PARTS = {
    "test": ("test",),
    "dev": ("dev", "devel", "development", "validation", "valid", "val"),
    "train": ("train", "training", "labeled", "labelled"),
}


@dataclass(frozen=True, slots=True)
class Corpus:
    """One corpus.

    Attributes:
        name: as `evidence evaluate` and `evidence train` call it.
        heads: annotation guidelines its texts are labelled by (its own name first).
        suffixes: endings of its files; for corpora of many small files, of the file that marks each text.
        folder: whether a part is a folder of many files.
        read: reader of one file (or folder).
        format: in words, for `--help`.
        licence: of the annotations.
        source: where it comes from.
        use: what it teaches.
        rest: whether a folder whose files name no part is taken as a whole.
    """

    name: str
    heads: tuple[str, ...]
    suffixes: tuple[str, ...]
    folder: bool
    read: Callable[[Path], Iterator[Labelled]]
    format: str
    licence: str
    source: str
    use: str
    rest: bool = True


_PUBTATOR = {"Chemical": "CHEMICAL", "Disease": "DISEASE"}
_BIORED = _PUBTATOR | {
    "ChemicalEntity": "CHEMICAL",
    "DiseaseOrPhenotypicFeature": "DISEASE",
    "Gene": "GENE",
    "GeneOrGeneProduct": "GENE",
    "Species": "SPECIES",
    "OrganismTaxon": "SPECIES",
    "Variant": "VARIANT",
    "SequenceVariant": "VARIANT",
    "CellLine": "CELL",
}


def _chemprot(path: Path) -> Iterator[Labelled]:
    return read_chemprot(path, path.with_name(path.name.replace("abstracts", "entities")), head="chemprot")


def _pico_columns(path: Path) -> Iterator[Labelled]:
    """Both column formats of PICO corpora: four columns without `B-` (EBM-NLP), two with (BIDS)."""
    with path.open(encoding="utf-8") as handle:
        line = next((line for line in handle if line.strip() and not line.startswith("-DOCSTART-")), "")
    if len(line.split()) >= 4:
        return read_iob(path, head="ebm_nlp", begins=False)
    return read_iob(path, head="pico_bids")


_ALL = (
    Corpus(
        "bc5cdr",
        ("bc5cdr",),
        (".txt", ".pubtator"),
        False,
        lambda p: read_pubtator(p, head="bc5cdr", labels=_PUBTATOR),
        "PubTator",
        "public domain",
        "BioCreative V CDR, Li et al. 2016, doi:10.1093/database/baw068",
        "all chemicals, all diseases",
    ),
    Corpus(
        "ncbi",
        ("ncbi",),
        (".tsv", ".iob", ".txt"),
        False,
        lambda p: read_iob(p, head="ncbi", labels={"Disease": "DISEASE"}),
        "two columns, IOB2",
        "public domain (CC0)",
        "NCBI disease, Doğan et al. 2014; columns by Crichton et al. 2017",
        "diseases",
    ),
    Corpus(
        "biored",
        ("biored",),
        (".txt", ".pubtator"),
        False,
        lambda p: read_pubtator(p, head="biored", labels=_BIORED),
        "PubTator",
        "open (US government work), not stated by the distributor",
        "Luo et al. 2022, doi:10.1093/bib/bbac282",
        "chemicals, diseases, and what is neither (genes, species, variants)",
    ),
    Corpus(
        "chemprot",
        ("chemprot",),
        ("abstracts.tsv",),
        False,
        _chemprot,
        "tables of abstracts and entities",
        "public domain",
        "Krallinger et al. 2017, BioCreative VI",
        "chemicals beside genes",
    ),
    Corpus(
        "drugprot",
        ("chemprot",),
        ("abstracts.tsv",),
        False,
        _chemprot,
        "tables of abstracts and entities",
        "CC BY 4.0",
        "Miranda et al. 2021, BioCreative VII",
        "chemicals beside genes",
    ),
    Corpus(
        "phee",
        ("phee", "phee_subject"),
        (".json", ".jsonl"),
        False,
        read_phee,
        "JSON lines (PHEE 2)",
        "MIT",
        "Sun et al. 2022 and 2024, github.com/ZhaoyueSun/phee-with-chatgpt",
        "drug, dosage, route, frequency, duration, effect, subject",
    ),
    Corpus(
        "ctro",
        ("ctro", "ctro_inner", "ctro_long", "ctro_population"),
        ("_export.csv",),
        True,
        read_ctro,
        "folder of *_export.csv and *_admin.annodb",
        "open (CC BY), Zenodo 10.5281/zenodo.10419785",
        "Sanchez-Graillet et al. 2022, doi:10.1186/s13326-022-00271-7",
        "trial entities: dose value, frequency, numbers per arm, p-values, end points, time points",
    ),
    Corpus(
        "evidence_outcomes",
        ("outcomes",),
        (".ann",),
        True,
        read_evidence_outcomes,
        "BRAT folder",
        "MIT",
        "Zhou et al. 2025, github.com/WengLab-InformaticsResearch/PubMed-RCT-Outcome-Extraction",
        "outcomes",
    ),
    Corpus(
        "pico_corpus",
        ("pico_corpus",),
        (".ann",),
        True,
        lambda p: read_brat(p, head="pico_corpus"),
        "BRAT folder",
        "open, not stated",
        "Mutinda et al. 2022, github.com/sociocom/PICO-Corpus",
        "participants, interventions, outcomes, counts and means per arm",
    ),
    Corpus(
        "pico_bids",
        ("pico_bids",),
        (".txt",),
        False,
        _pico_columns,
        "two columns, IOB2, -DOCSTART-",
        "open, not stated",
        "Hu et al. 2023, doi:10.1093/bioinformatics/btad542",
        "participants, interventions, comparators, outcomes",
    ),
    Corpus(
        "ebm_nlp",
        ("ebm_nlp",),
        (".txt",),
        False,
        _pico_columns,
        "four columns without B-, -DOCSTART- (id)",
        "open, not stated; columns Apache-2.0",
        "Nye et al. 2018; columns by Beltagy et al. 2019",
        "participants, interventions, outcomes",
    ),
    Corpus(
        "rct_art",
        ("rct_art",),
        (".spacy",),
        False,
        lambda p: read_docbin(p, head="rct_art"),
        "spaCy DocBin",
        "Apache-2.0",
        "Whitton and Hunter 2023, github.com/jetsunwhitton/RCT-ART",
        "interventions, outcomes, measures",
    ),
    Corpus(
        "ade",
        ("ade",),
        ("DOSE.rel", "DOSE.test.rel", "DOSE-test.rel", "DOSE_test.rel"),
        False,
        read_ade_doses,
        "DRUG-DOSE.rel",
        "open, not stated",
        "Gurulingappa et al. 2012, doi:10.1016/j.jbi.2012.04.008",
        "drug and dose pairs",
    ),
    Corpus(
        "trials",
        (),
        (".jsonl", ".jsonl.gz"),
        False,
        read_trials,
        "JSON lines with pmcid and text; no labels, used with --teacher only",
        "open-access articles (Evidence Inference, MIT)",
        "DeYoung et al. 2020, github.com/jayded/evidence-inference",
        "outcomes, from the labels a teacher gives to results and conclusions",
    ),
)

CORPORA: dict[str, Corpus] = {corpus.name: corpus for corpus in _ALL}


def part_of(name: str) -> str | None:
    """Which part a file or folder name stands for, by the words in it."""
    pieces = name.lower().replace("-", "_").replace(".", "_").replace(" ", "_").split("_")
    for part, names in PARTS.items():
        if any(piece.removesuffix("set") in names for piece in pieces):
            return part
    return None


def find_parts(corpus: Corpus, path: Path) -> dict[str, list[Path]]:
    """The parts of a corpus under a path: `test`, `dev`, `train`, or `all` for what names no part.

    Raises:
        UnreadableSource: the path does not exist.
        UnknownFormat: nothing under it looks like the corpus.
    """
    if not path.exists():
        raise UnreadableSource(f"No such file or folder: {path}.", what_to_do="Give the corpus' own file or folder.")
    if path.is_file():
        return {part_of(path.name) or "all": [path]}
    if corpus.folder:
        marked = sorted({q.parent for q in path.rglob("*") if q.name.endswith(corpus.suffixes)})
    else:
        marked = [p for p in sorted(path.rglob("*")) if p.is_file() and p.name.endswith(corpus.suffixes)]
        marked = [p for p in marked if p.name not in {"README.txt", "LICENSE.txt"}]
    parts: dict[str, list[Path]] = {}
    for place in marked:
        names = [place.name, *(parent.name for parent in place.parents if path in parent.parents)]
        part = next((found for name in names if place != path and (found := part_of(name))), "all")
        parts.setdefault(part, []).append(place)
    if not parts:
        raise UnknownFormat(
            f"No {corpus.name} files ({', '.join(corpus.suffixes)}) in {path}.",
            what_to_do=f"Expected: {corpus.format}.",
        )
    return parts


def read_part(corpus: Corpus, path: Path, wanted: tuple[str, ...]) -> tuple[str, list[Labelled]]:
    """Read the first part of `wanted` that is there, else whatever is; returns its name and texts.

    Raises:
        UnknownFormat: the files are not of the corpus' format.
    """
    parts = find_parts(corpus, path)
    part = next((name for name in wanted if name in parts), None) or next(iter(parts))
    texts: list[Labelled] = []
    for place in parts[part]:
        try:
            texts += corpus.read(place)
        except (ValueError, KeyError, IndexError, OSError, TypeError) as error:
            line = " ".join(str(error).split())[:120]
            raise UnknownFormat(
                f"{place} is not {corpus.name} ({line}).", what_to_do=f"Expected: {corpus.format}."
            ) from error
    if not texts:
        raise UnknownFormat(f"{path} holds no {corpus.name} texts.", what_to_do=f"Expected: {corpus.format}.")
    return part, texts
