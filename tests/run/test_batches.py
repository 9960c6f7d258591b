"""Papers are worked on several at a time: which ones come together changes nothing, and one that breaks fails alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from pipeline.bench.made import write_pubmed
from pipeline.document import Document
from pipeline.errors import LimitExceeded
from pipeline.evidence import Annotated, Failure, PaperEvidence
from pipeline.read.limits import Event
from pipeline.run import engine
from pipeline.run.ahead import bundles
from pipeline.run.caps import Limits
from pipeline.run.engine import Task, loop, path_of, pool
from pipeline.run.process import Skipped, process_path
from pipeline.tag.batches import batches
from pipeline.tag.tagger import Tagger

MakeDocument = Callable[..., Document]
TEXTS = (
    "Zorbifen 5 mg daily lowered proteinuria in 12 of 20 adults with membranous nephropathy (P = 0.03).",
    "Hypokalaemia and nausea were seen after quinapril and mycophenolate mofetil.",
    "No patient had hypertension. Ataxia, seizures and tremor followed cyclosporine in 3 of 41 (7%).",
    "Thrombosis of the renal vein was treated with heparin, then with warfarin for six months.",
)


class Fragile:
    """Stands for a tagger that a text breaks."""

    def tag(self, document: Document) -> Annotated:
        return self.tag_batch([document])[0]

    def tag_batch(self, documents: Sequence[Document]) -> list[Annotated]:
        if any("breaks" in passage.text for document in documents for passage in document.passages):
            raise ValueError("broken")
        return [Annotated(document, ((),) * len(document.passages), {}, ()) for document in documents]


@pytest.mark.parametrize("together", [(0, 1, 2, 3), (3, 1), (2, 2, 0), (1, 3, 0, 2)])
def test_finds_do_not_hang_on_the_batch(tagger: Tagger, make_document: MakeDocument, together: tuple[int, ...]) -> None:
    documents = [make_document(TEXTS[number]) for number in together]
    assert tagger.tag_batch(documents) == [tagger.tag(document) for document in documents]
    assert list(tagger.tag_many(iter(documents))) == tagger.tag_batch(documents)


def test_batches_keep_order_and_size(make_document: MakeDocument) -> None:
    documents = [make_document("x" * size) for size in (4, 4, 4, 30, 1)]
    found = list(batches(documents, characters=10))
    assert [[len(one.passages[0].text) for one in batch] for batch in found] == [[4, 4], [4], [30], [1]]


def test_a_paper_that_breaks_fails_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "tagger_for", lambda model: Fragile())
    for name, text in (
        ("a", "We treated ten adults."),
        ("b", "Treatment breaks in nine adults."),
        ("c", "We treated twelve children."),
    ):
        (tmp_path / f"{name}.txt").write_text(f"A trial.\n\n{text}\n")
    done = list(loop(map(task, sorted(tmp_path.iterdir()))))
    kinds = [(one.name, type(item).__name__) for one, item in done if item is not None]
    assert kinds == [
        ("a.txt", "PaperRows"), ("b.txt", "Failure"), ("c.txt", "PaperRows"),
    ]  # fmt: skip
    (failure,) = (item for _, item in done if isinstance(item, Failure))
    assert (failure.stage, "broken" in failure.error) == ("tag", True)


def test_records_of_one_file_are_tagged_together_in_order(tmp_path: Path) -> None:
    calls = []

    class Counting(Fragile):
        def tag_batch(self, documents: Sequence[Document]) -> list[Annotated]:
            calls.append(len(documents))
            return super().tag_batch(documents)

    export = tmp_path / "export.xml.gz"
    write_pubmed(export, 70)
    every = [one for one in process_path(export, Counting()) if isinstance(one, PaperEvidence)]
    assert sum(calls) == len(every) == 70 and len(calls) < 10
    known = {every[3].annotated.document.source.sha256}
    again = list(process_path(export, Counting(), known=known))
    assert [number for number, one in enumerate(again) if isinstance(one, Skipped)] == [3]
    order = [one.annotated.document.source.record for one in every]
    assert [one.annotated.document.source.record for one in again if isinstance(one, PaperEvidence)] == [
        *order[:3], *order[4:],
    ]  # fmt: skip


def task(path: Path) -> Task:
    return Task(path.name, str(path), "", "none", "v")


def test_files_come_out_in_order_each_with_its_end(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text(f"A trial of quinapril.\n\nIn {number + 3} adults it was given.\n")
    (tmp_path / "2.txt").write_text("")
    done = [(task_.name, type(item).__name__) for task_, item in loop(map(task, sorted(tmp_path.iterdir())))]
    names = [name for name, kind in done if kind == "NoneType"]
    assert names == ["0.txt", "1.txt", "2.txt", "3.txt", "4.txt"]
    assert [kind for name, kind in done if name != "2.txt"] == ["PaperRows", "NoneType"] * 4


def test_small_files_are_bundled_and_large_ones_stand_alone(tmp_path: Path) -> None:
    for name, size in (("a", 4), ("b", 5), ("c", 1), ("d", 9999), ("e", 1), ("f", 1), ("g", 1)):
        (tmp_path / name).write_text("x" * size)
    tasks = [task(path) for path in sorted(tmp_path.iterdir())]
    found = [[one.name for one in bundle] for bundle in bundles(tasks, path_of, most=2, size=9)]
    assert found == [["a", "b"], ["c"], ["d"], ["e", "f"], ["g"]]


class Worker:
    """Stands for a pool of one worker: "bad" is too much for it, after one paper of "begun"."""

    def __init__(self, *_: object, **__: object) -> None: ...

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None: ...

    def run(self, tasks: Iterable[tuple[Task, ...]]) -> Iterator[Event[tuple[Task, ...], tuple[int, object]]]:
        for bundle in tasks:
            error = None
            for place, one in enumerate(bundle):
                if any(other.name == "bad" for other in bundle) and one.name != "first":
                    error = LimitExceeded("Too long.")
                    if one.name == "begun":
                        yield Event(bundle, (place, Failure(one.name, "read", "half", "")))
                    break
                yield Event(bundle, (place, Failure(one.name, "read", "whole", "")))
                yield Event(bundle, (place, None))
            yield Event(bundle, is_done=True, error=error)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["first", "bad", "last"], {"first": ["whole"], "bad": ["Too long."], "last": ["whole"]}),
        (["begun", "bad"], {"begun": ["half", "Too long."], "bad": ["Too long."]}),
        (["bad"], {"bad": ["Too long."]}),
    ],
)
def test_a_file_that_ends_its_worker_costs_its_neighbours_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: list[str], expected: dict[str, list[str]]
) -> None:
    monkeypatch.setattr(engine, "LimitedPool", Worker)
    for name in names:
        (tmp_path / name).write_text("x")
    done: dict[str, list[str]] = {}
    ended = []
    for one, item in pool([task(tmp_path / name) for name in names], model="none", jobs=1, limits=Limits()):
        if item is None:
            ended.append(one.name)
        else:
            assert isinstance(item, Failure)
            done.setdefault(one.name, []).append(item.error)
    assert done == expected
    assert sorted(ended) == sorted(names)
