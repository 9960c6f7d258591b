"""Evidence Inference (Lehman et al. 2019; DeYoung et al. 2020): which way an outcome went between two arms.

Place in the flow: reads the corpus for `evidence evaluate evidence-inference` and `evidence train direction`. Its
folder holds `prompts_merged.csv`, `v2_annotations.csv` or `annotations_merged.csv`, and the texts as
`articles.jsonl(.gz)` or
as `PMC<id>.txt` files.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from pipeline.errors import UnreadableSource
from pipeline.evaluate.score import Scores
from pipeline.model.direction import Example, save, train_classifier, train_ranker
from pipeline.relate.ico_direction import DIRECTIONS, MOST_UNITS, SLOTS, Model, answer_shares, bag, decide
from pipeline.relate.ico_evidence import Article, Floats, Question, pick, rank

Say = Callable[[str], None]
_CODES = {"-1": 0, "0": 1, "1": 2}
_GOLD_WEIGHT = 1.0
_MOST_GOLD = 6


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question with its answer (a place in `DIRECTIONS`) and the spans of its evidence in the article."""

    article: str
    question: Question
    answer: int
    evidence: tuple[tuple[int, int], ...]


def read_prompts(path: Path) -> dict[str, list[Prompt]]:
    """Article id → its prompts; the answer most annotators gave (the first one's where they split).

    Raises:
        UnreadableSource: a file is missing.
    """
    asked = {row["PromptID"]: row for row in _rows(_find(path, "prompts_merged.csv"))}
    given: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in _rows(_find(path, "v2_annotations.csv", "annotations_merged.csv")):
        if row["Valid Label"].lower() == "true" and row["PromptID"] in asked and row["Label Code"] in _CODES:
            given[row["PromptID"]].append(row)
    prompts: dict[str, list[Prompt]] = defaultdict(list)
    for key, rows in given.items():
        prompt = asked[key]
        code = Counter(row["Label Code"] for row in rows).most_common(1)[0][0]
        spans = tuple(span for row in rows if (span := _span(row)))
        question = Question(prompt["Intervention"], prompt["Comparator"], prompt["Outcome"])
        article = "PMC" + prompt["PMCID"].removeprefix("PMC")
        prompts[article].append(Prompt(article, question, _CODES[code], spans))
    return dict(prompts)


def read_articles(path: Path, wanted: set[str]) -> Iterator[tuple[str, Article]]:
    """The articles asked for, in the order of the file.

    Raises:
        UnreadableSource: there are no texts.
    """
    packed = sorted(path.rglob("articles.jsonl*")) if path.is_dir() else []
    if packed:
        opener = gzip.open if packed[0].suffix == ".gz" else open
        with opener(packed[0], "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if row["pmcid"] in wanted:
                    yield row["pmcid"], Article(row["text"])
        return
    files = sorted(file for file in path.rglob("PMC*.txt") if file.stem in wanted)
    if not files:
        raise UnreadableSource(f"No articles in {path}.", what_to_do="Give the folder with articles.jsonl.gz.")
    for file in files:
        yield file.stem, Article(file.read_text(encoding="utf-8"))


def score_directions(path: Path, say: Say) -> Scores:
    """One answer for each prompt; the micro score is the accuracy."""
    prompts = read_prompts(path)
    say(f"evidence-inference: {sum(map(len, prompts.values()))} prompts on {len(prompts)} articles")
    scores, seen = Scores(), set()
    for key, article in read_articles(path, set(prompts)):
        seen.add(key)
        for number, prompt in enumerate(prompts[key]):
            found = decide(article, prompt.question).direction
            scores.add([((key, number), DIRECTIONS[prompt.answer].value)], [((key, number), found.value)])
    missing = [prompt for key, group in prompts.items() if key not in seen for prompt in group]
    for number, prompt in enumerate(missing):
        scores.add([((prompt.article, number), DIRECTIONS[prompt.answer].value)], [])
    if missing:
        say(f"{len(missing)} prompts have no article and count as not answered")
    say(_summary(scores))
    return scores


def is_held_out(article: str) -> bool:
    """A fifth of the articles, by id, is our development part."""
    return crc32(article.removeprefix("PMC").encode()) % 5 == 0


@dataclass(frozen=True, slots=True)
class _Case:
    prompt: Prompt
    article: Article
    gold: tuple[int, ...]


def train_direction(path: Path, out: Path, say: Say, *, with_dev: bool) -> Path:
    """Train on the corpus and write `weights.npz`; without `with_dev` the held-out fifth is scored.

    Raises:
        UnreadableSource: a file of the corpus is missing.
    """
    prompts = read_prompts(path)
    cases = [
        _Case(prompt, article, _gold_places(article, prompt))
        for key, article in read_articles(path, set(prompts))
        for prompt in prompts[key]
    ]
    own = [case for case in cases if with_dev or not is_held_out(case.prompt.article)]
    say(f"{len(own)} of {len(cases)} prompts to train on")
    ranked_from = [(case.article.features(case.prompt.question), case.gold) for case in own if case.gold]
    ranker = train_ranker(ranked_from)
    say("ranker trained")
    classifier = train_classifier([one for case in own for one in _examples(case, ranker)], SLOTS, len(DIRECTIONS))
    file = save(ranker, classifier, out)
    say(f"wrote {file}")
    if not with_dev:
        _score_held_out([case for case in cases if is_held_out(case.prompt.article)], Model(ranker, classifier), say)
    return file


def _gold_places(article: Article, prompt: Prompt) -> tuple[int, ...]:
    return tuple(sorted({place for span in prompt.evidence for place in pick(article.units, *span)}))


def _examples(case: _Case, ranker: Floats) -> Iterator[Example]:
    question, answer = case.prompt.question, case.prompt.answer
    gold = case.gold[:_MOST_GOLD]
    for place in gold:
        slots, values = bag(case.article, question, [(place, 1.0)])
        yield Example(slots, values, answer, _GOLD_WEIGHT / len(gold))
    ranked = rank(case.article, question, ranker, MOST_UNITS)
    if ranked:
        yield Example(*bag(case.article, question, ranked), answer)


def _score_held_out(cases: list[_Case], model: Model, say: Say) -> None:
    scores, given = Scores(), Scores()
    for number, case in enumerate(cases):
        answer = [(number, DIRECTIONS[case.prompt.answer].value)]
        scores.add(answer, [(number, decide(case.article, case.prompt.question, model).direction.value)])
        if case.gold:
            evidence = [(place, 1.0) for place in case.gold[:_MOST_GOLD]]
            shares = answer_shares(model, *bag(case.article, case.prompt.question, evidence))
            given.add(answer, [(number, DIRECTIONS[int(shares.argmax())].value)])
    say("held out: " + _summary(scores))
    say("held out, evidence given: " + _summary(given))


def _summary(scores: Scores) -> str:
    total = scores.gold.total() or 1
    usual, count = (scores.gold.most_common(1) or [("", 0)])[0]
    return (
        f"accuracy {scores.right.total() / total:.3f} of {scores.gold.total()}; always '{usual}': {count / total:.3f}; "
        + json.dumps(scores.report()["labels"])
    )


def _span(row: dict[str, str]) -> tuple[int, int] | None:
    try:
        start, end = int(float(row["Evidence Start"])), int(float(row["Evidence End"]))
    except ValueError:
        return None
    return (start, end) if 0 <= start < end else None


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)


def _find(path: Path, *names: str) -> Path:
    for name in names:
        found = sorted(path.rglob(name)) if path.is_dir() else []
        if found:
            return found[0]
    raise UnreadableSource(f"No {' or '.join(names)} in {path}.", what_to_do="Give the corpus' folder.")
