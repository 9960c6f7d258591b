"""`evidence evaluate CORPUS --data PATH`: strict scores of a model on an annotated corpus."""

from __future__ import annotations

import json
from pathlib import Path

import click

from pipeline.evaluate.run import NAMES, evaluate


def _label_map(pairs: tuple[str, ...]) -> dict[str, str] | None:
    made: dict[str, str] = {}
    for pair in pairs:
        theirs, sign, ours = pair.partition("=")
        if not sign or not theirs or not ours:
            raise click.BadParameter(f"{pair!r} is not THEIRS=OURS", param_hint="--label-map")
        made[theirs] = ours
    return made or None


@click.command("evaluate")
@click.argument("corpus", type=click.Choice((*NAMES, "ico")))
@click.option("--data", type=click.Path(path_type=Path, exists=True), required=True, help="The corpus' file or folder.")
@click.option("--model", default=None, help="A pipeline folder, an installed spaCy pipeline, or 'none'. Default: ours.")
@click.option("--label-map", multiple=True, metavar="THEIRS=OURS", help="For other pipelines; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(corpus: str, data: Path, model: str | None, label_map: tuple[str, ...], as_json: bool) -> None:
    """Precision, recall and F1 of strict spans on CORPUS.

    Of a folder with several parts the test part is scored, else the development part; which one is said on stderr.
    """
    if corpus == "ico":
        _ico(data, as_json=as_json)
        return
    scores = evaluate(corpus, data, model, _label_map(label_map), lambda line: click.echo(line, err=True))
    report = scores.report()
    if as_json:
        click.echo(json.dumps(report))
        return
    click.echo(f"{'label':28} {'P':>7} {'R':>7} {'F1':>7} {'gold':>6} {'found':>6}")
    for label, line in report["labels"].items():
        click.echo(_row(label, line, scores.gold[label], scores.found[label]))
    click.echo(_row("micro", report["micro"], scores.gold.total(), scores.found.total()))


def _ico(data: Path, *, as_json: bool) -> None:
    """Exact matches and cells of `evidence ico` on a folder with gold.json and xml/."""
    from pipeline.ask.ico_score import evaluate_ico

    report = evaluate_ico(data, lambda line: click.echo(line, err=True))
    if as_json:
        click.echo(json.dumps(report))
        return
    for kind, line in report["exact"].items():
        click.echo(f"{kind:12} exact match {line['right']:4} of {line['all']:4}  {line['share']}")
    click.echo(f"{'cell':12} {'P':>7} {'R':>7} {'reported':>9} {'right':>6} {'gold':>6}")
    for name, line in report["cells"].items():
        counts = f"{line['reported']:9} {line['right']:6} {line['gold']:6}"
        click.echo(f"{name:12} {line['p'] or 0:7.3f} {line['r'] or 0:7.3f} {counts}")
    click.echo(f"{'all cells':12} {report['cell_precision']:7.3f}")


def _row(label: str, line: object, gold: int, found: int) -> str:
    assert isinstance(line, dict)  # noqa: S101
    shares = " ".join(f"{100 * line[key]:7.2f}" for key in ("p", "r", "f1"))
    return f"{label:28} {shares} {gold:6} {found:6}"
