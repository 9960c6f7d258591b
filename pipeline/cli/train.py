"""`evidence train`: build the trained model from corpora given by path."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import click

from pipeline.model.corpora.registry import CORPORA
from pipeline.model.training import Settings

_DEFAULT = Settings()
_FORMATS = "\n".join(
    f"  {corpus.name:18} {corpus.format}\n{'':21}{corpus.licence}; {corpus.source}" for corpus in CORPORA.values()
)

_START = "Model to go on from; of several (of one origin) the mean of the weights."
_TEACHER = "Model whose labels fill in what a corpus lacks; several are averaged."

_PLAIN = "Unlabelled texts whose hidden words are guessed as a second task (.txt, .jsonl)."

_HELP = f"""Rebuild the trained model; the same inputs and seed give the same bytes.

Corpora are given by path, one --data for each; those left out are left out of the training. A path is the corpus' own
file, or a folder: file and folder names say which part they are (train, dev or validation, test). Test parts are never
opened. Names, formats, licences and sources:

\b
{_FORMATS}

`evidence train ico --data PATH --out models/ico` fits the rankers of `evidence ico` instead. PATH holds gold.json (a
list of questions: pmcid, intervention, comparator, outcome, outcome_type, numbers of both groups) and xml/PMC<id>.xml.

`evidence train direction --data PATH --out FOLDER` trains the small model that says which way an outcome went (Evidence
Inference, MIT, github.com/jayded/evidence-inference): PATH is the corpus' folder. Without --with-dev a fifth of the
articles is left out and scored.

Vectors: --vectors FILE takes a table written by floret; --texts PATH trains one first (.txt, .jsonl with "text").
"""


def _data(pairs: tuple[str, ...]) -> dict[str, Path]:
    data: dict[str, Path] = {}
    for pair in pairs:
        name, sign, path = pair.partition("=")
        if not sign or name not in CORPORA:
            raise click.BadParameter(f"{pair!r} is not NAME=PATH with a known name", param_hint="--data")
        data[name] = Path(path)
    return data


def _train_direction(data: tuple[str, ...], out: Path, say: Callable[[str], None], *, with_dev: bool) -> None:
    from pipeline.evaluate.evidence_inference import train_direction

    if len(data) != 1:
        raise click.BadParameter("give one folder", param_hint="--data")
    train_direction(Path(data[0].removeprefix("direction=")), out, say, with_dev=with_dev)


@click.command("train", help=_HELP)
@click.argument("part", type=click.Choice(["ner", "ico", "direction"]), default="ner")
@click.option("--data", multiple=True, required=True, metavar="NAME=PATH", help="A corpus; repeat for each.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to write the pipeline to.")
@click.option("--vectors", type=click.Path(path_type=Path, exists=True), help="Floret table (text file).")
@click.option("--texts", multiple=True, type=click.Path(path_type=Path, exists=True), help="Texts to train vectors on.")
@click.option("--with-dev", is_flag=True, help="Train on the development parts too; nothing is scored then.")
@click.option("--twin", type=click.Path(path_type=Path, exists=True), help="Model to take calibration and scores from.")
@click.option("--start", multiple=True, type=click.Path(path_type=Path, exists=True), help=_START)
@click.option("--teacher", multiple=True, type=click.Path(path_type=Path, exists=True), help=_TEACHER)
@click.option("--plain", multiple=True, type=click.Path(path_type=Path, exists=True), help=_PLAIN)
@click.option("--masked-words", default=_DEFAULT.masked_words, show_default=True, help="Tokens of --plain per update.")
@click.option("--dropout", default=_DEFAULT.dropout, show_default=True, help="Share of values dropped.")
@click.option(
    "--blanked", default=_DEFAULT.blanked, show_default=True, help="Share of words of labelled texts blanked."
)
@click.option("--rate", default=_DEFAULT.rate, show_default=True, help="Highest learning rate.")
@click.option("--steps", default=_DEFAULT.steps, show_default=True, help="Updates.")
@click.option("--batch-words", default=_DEFAULT.batch_words, show_default=True, help="Tokens per update.")
@click.option("--width", default=160, show_default=True, help="Width of the network.")
@click.option("--hidden", default=128, show_default=True, help="LSTM cells per direction.")
@click.option("--members", default=1, show_default=True, help="Networks whose scores are averaged.")
@click.option("--seed", default=_DEFAULT.seed, show_default=True, help="Of everything drawn.")
def command(
    part: str,
    data: tuple[str, ...],
    out: Path,
    vectors: Path | None,
    texts: tuple[Path, ...],
    with_dev: bool,
    twin: Path | None,
    start: tuple[Path, ...],
    teacher: tuple[Path, ...],
    plain: tuple[Path, ...],
    masked_words: int,
    dropout: float,
    blanked: float,
    rate: float,
    steps: int,
    batch_words: int,
    width: int,
    hidden: int,
    members: int,
    seed: int,
) -> None:
    """Fill in the recipe and run it."""
    begun = time.monotonic()

    def say(line: str) -> None:
        click.echo(f"[{time.monotonic() - begun:6.0f} s] {line}", err=True)

    if part == "ico":
        from pipeline.ask.ico_score import train_ico

        click.echo(json.dumps(train_ico(Path(data[0]), out, say)))
        return
    if part == "direction":
        _train_direction(data, out, say, with_dev=with_dev)
        return
    from pipeline.evaluate.release import release
    from pipeline.model import plain_text
    from pipeline.model.recipe import Plan

    paths = _data(data)
    out.mkdir(parents=True, exist_ok=True)
    if vectors is None and texts:
        lines, vectors = out / "vectors.lines", out / "vectors.floret"
        say(f"vectors: {plain_text.write_lines(plain_text.paragraphs(texts), lines, seed)} tokens")
        plain_text.train_vectors(lines, vectors, width=128, rows=80_000, epochs=5)
        lines.unlink()
    settings = Settings(
        steps=steps,
        batch_words=batch_words,
        rate=rate,
        dropout=dropout,
        blanked=blanked,
        seed=seed,
        masked_words=masked_words,
    )
    plan = Plan(
        paths, vectors, settings, width=width, hidden=hidden, members=members, with_dev=with_dev, start=start,
        teachers=teacher, plain=plain,
    )  # fmt: skip
    release(plan, out, twin, say)
    if texts and vectors is not None:
        vectors.unlink()
