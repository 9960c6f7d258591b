"""medspaCy over the texts of a file: run by the Python of medspaCy's own environment, never imported by us.

Place in the flow: `rules` starts it. It needs nothing of this package: medspaCy pins an older spaCy.

    python medspacy_peer.py TASK.json    # {"terms": [[label, text], …], "texts": […]} → {"seconds": …, "found": …}
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


def main(task: str) -> None:
    """Sentences (PyRuSH), target rules and ConText, as medspaCy's documentation sets them up."""
    import medspacy
    from medspacy.ner import TargetRule

    asked = json.loads(Path(task).read_text(encoding="utf-8"))
    nlp = medspacy.load(medspacy_enable=["medspacy_pyrush", "medspacy_target_matcher", "medspacy_context"])
    nlp.get_pipe("medspacy_target_matcher").add([TargetRule(text, label) for label, text in asked["terms"]])
    list(nlp.pipe(asked["texts"][:5]))  # warm
    begun = time.process_time()
    found = sum(len(doc.ents) for doc in nlp.pipe(asked["texts"]))
    seconds = time.process_time() - begun
    versions = {"medspacy": medspacy.__version__ if hasattr(medspacy, "__version__") else "", "pipes": nlp.pipe_names}
    sys.stdout.write(json.dumps({"seconds": seconds, "found": found, **versions}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
