"""`evidence evaluate` without the command line: a corpus name and a path in, scores out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.errors import ModelNotFound, UnreadableSource
from pipeline.evaluate.abbreviations import read_med1250, score_abbreviations
from pipeline.evaluate.ctro_results import score_ctro
from pipeline.evaluate.doses import score_pairs
from pipeline.evaluate.gold import score_gold
from pipeline.evaluate.score import Scores
from pipeline.evaluate.spans import predict_entities, predict_heads, score_spans
from pipeline.model.corpora.labelled import Labelled
from pipeline.model.corpora.registry import CORPORA, Corpus, read_part

PICO = ("pico_corpus", "ebm_nlp", "pico_bids")
RELATIONS = ("ade-dose", "drug-combo", "ctro-regimens")
NAMES = (
    *sorted(name for name, corpus in CORPORA.items() if corpus.heads),
    "pico",
    "med1250",
    "gold",
    "ctro-results",
    "evidence-inference",
    *RELATIONS,
)
_ORDER = ("test", "dev", "all", "train")
Say = Callable[[str], None]


def evaluate(name: str, path: Path, model: str | None, label_map: dict[str, str] | None, say: Say) -> Scores:
    """Score a model on a corpus.

    Args:
        name: one of `NAMES`; `pico` recognises which of the three PICO corpora lies there.
        path: the corpus' file or folder. Of several parts `test` is taken, else `dev`.
        model: None for the shipped one, "none" for rules alone (`gold` and `med1250` only), a folder, or the name of an
            installed spaCy pipeline.
        label_map: for pipelines of another kind, their label → the corpus' label.
        say: receives lines about what is being done.

    Raises:
        SourceError: the data are missing or of another format.
        ModelError: the model is missing, damaged or has no such head.
    """
    if name == "med1250":
        return _med1250(path, say)
    if name in RELATIONS:
        return _relations(name, path, model, say)
    if name == "evidence-inference":
        from pipeline.evaluate.evidence_inference import score_directions

        return score_directions(path, say)
    if name == "gold":
        return score_gold(path, "default" if model is None else model)
    if name == "ctro-results":
        return score_ctro(path, model)
    corpus = CORPORA[_which_pico(path) if name == "pico" else name]
    part, texts = read_part(corpus, path, _ORDER)
    say(f"{corpus.name}: {len(texts)} texts of part {part!r}")
    return score_texts(corpus, texts, model, label_map)


def score_texts(corpus: Corpus, texts: list[Labelled], model: str | None, label_map: dict[str, str] | None) -> Scores:
    """Score texts that are already read."""
    from pipeline.model.loading import load_pipeline

    if model == "none":
        raise ModelNotFound(
            f"Rules alone have no labels of {corpus.name}.", what_to_do="`--model none` scores gold and med1250 only."
        )
    nlp = load_pipeline(model, None)
    if label_map is not None:
        found = predict_entities(nlp, texts, label_map)
        return score_spans(texts, found, corpus.heads, frozenset(label_map.values()))
    if corpus.name == "ade":
        return score_pairs(nlp, texts)
    return score_spans(texts, predict_heads(nlp, texts, corpus.heads), corpus.heads)


def _relations(name: str, path: Path, model: str | None, say: Say) -> Scores:
    from pipeline.evaluate.ctro import score_ctro as score_ctro_regimens
    from pipeline.evaluate.relations import score_ade_doses, score_combinations

    if name == "ctro-regimens":
        return score_ctro_regimens(path, model, say)
    return score_ade_doses(path, say) if name == "ade-dose" else score_combinations(path, say)


def _which_pico(path: Path) -> str:
    if path.is_dir() and any(path.rglob("*.ann")):
        return "pico_corpus"
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*.txt") if p.is_file())
    for file in files:
        with file.open(encoding="utf-8") as handle:
            for line in handle:
                if line.strip() and not line.startswith("-DOCSTART-"):
                    return "ebm_nlp" if len(line.split()) >= 4 else "pico_bids"
    raise UnreadableSource(f"No PICO corpus in {path}.", what_to_do="Give the BRAT folder or the column files.")


def _med1250(path: Path, say: Say) -> Scores:
    # Late: the model's corpora must be scorable where the tagging package is not installed in full.
    from pipeline.tag.abbreviation import find_abbreviations

    file = path
    if path.is_dir():
        found = sorted(
            p for p in path.rglob("*") if p.is_file() and "label" in p.name.lower() and "unlabel" not in p.name.lower()
        )
        if not found:
            raise UnreadableSource(f"No labelled MED1250 file in {path}.", what_to_do="Give the file with SF|LF lines.")
        file = found[0]
    records = read_med1250(file)
    say(f"med1250: {len(records)} records of {file.name}")
    return score_abbreviations(records, lambda text: [(one.short, one.long) for one in find_abbreviations(text)])
