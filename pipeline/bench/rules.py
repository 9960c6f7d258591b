"""Section: our tagging beside medspaCy with the same terms, in an environment of its own.

Place in the flow: part of the page. medspaCy pins spaCy below 3.8, so its environment is built beside ours on demand;
if that fails (no network), the page says so in bold.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from pipeline.bench.plan import Plan, apart

PACKAGE = "medspacy==1.3.1"
_TEXTS = 300
_LABELS = ("DRUG", "HISTOLOGY", "CONDITION", "OUTCOME")


def rules(plan: Plan) -> str:
    """Words per second of rules alone and of rules with the trained model, and of medspaCy with our lexicons' terms."""
    papers = plan.sets["abstracts"][:_TEXTS]
    words, with_model = apart(tag_all, papers, plan.model)
    _, alone = apart(tag_all, papers, "none")
    head = (
        f"## Rules\n\nTagging of {len(papers)} abstracts: sentences, terms of the lexicons, negation; ours also reads"
        " doses, numbers, time points and\nlinks to concepts.\n\n| tagger | words/s | times medspaCy |\n|---|---|---|\n"
    )
    peer = medspacy(papers, plan.folder)
    theirs = words / peer["seconds"] if "seconds" in peer else None
    lines = [
        f"| {name} | {words / seconds:,.0f} | {f'{words / seconds / theirs:.2f}' if theirs else '–'} |"
        for name, seconds in (("ours, rules alone", alone), ("ours, rules and trained model", with_model))
    ]
    if theirs:
        lines.append(f"| medspaCy 1.3.1 with the same {peer['terms']:,} terms | {theirs:,.0f} | 1.00 |")
        return head + "\n".join(lines)
    return head + "\n".join(lines) + f"\n\n**medspaCy was not measured: {peer['why']}**"


def tag_all(papers: list[Path], model: str) -> tuple[int, float]:
    """Number of words, and seconds of tagging them."""
    from pipeline.document import Document
    from pipeline.read import read_documents
    from pipeline.run.engine import tagger_for
    from pipeline.tag.batches import batches

    documents = [item for path in papers for item in read_documents(path) if isinstance(item, Document)]
    tagger = tagger_for(model)
    tagger.tag_batch(documents[:1])
    begun = time.process_time()
    for some in batches(documents):
        tagger.tag_batch(some)
    seconds = time.process_time() - begun
    return sum(len(p.text.split()) for document in documents for p in document.passages), seconds


def medspacy(papers: list[Path], folder: Path) -> dict[str, Any]:
    """What the peer answered, with the number of terms; or `why` it could not be asked."""
    from pipeline.evidence import Label
    from pipeline.link import load_lexicon
    from pipeline.read import decode

    terms = [(name, text) for name in _LABELS for text in load_lexicon(Label(name)).terms()]
    task = folder / "medspacy.json"
    task.write_text(json.dumps({"terms": terms, "texts": [decode(path) for path in papers]}), encoding="utf-8")
    try:
        python = environment()
        command = [str(python), str(Path(__file__).with_name("medspacy_peer.py")), str(task)]
        answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=1200)  # noqa: S603
    except (subprocess.SubprocessError, OSError) as error:
        detail = (getattr(error, "stderr", None) or str(error)).strip().splitlines()[-1:]
        return {"why": f"its environment could not be built or run ({''.join(detail)[:200]})."}
    return {**json.loads(answer.stdout.splitlines()[-1]), "terms": len(terms)}


def environment() -> Path:
    """The Python of medspaCy's environment, built beside ours if it is not there.

    Raises:
        CalledProcessError, TimeoutExpired: it could not be built.
    """
    home = Path(sys.prefix if Path(sys.prefix).name.startswith(".") else ".venv") / "medspacy"
    python, ready = home / "bin" / "python", home / "ready"
    if not ready.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True, capture_output=True)  # noqa: S603
        install = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", PACKAGE]
        subprocess.run(install, check=True, capture_output=True, text=True, timeout=900)  # noqa: S603
        ready.touch()
    return python
