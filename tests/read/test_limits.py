"""The pool of limited workers: values stream back, hostile tasks end, the others go on."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from types import ModuleType

import pytest

from pipeline.errors import LimitExceeded, ModelNotFound, PipelineError, UnreadableSource
from pipeline.read.limits import LimitedPool


@pytest.fixture
def tasks_module(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """`hostile_tasks`, importable here and, because workers inherit the path, there."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    return importlib.import_module("hostile_tasks")


def test_hostile_tasks_end_and_the_others_go_on(tasks_module: ModuleType) -> None:
    tasks = ["a", "hang", "memory", "crash", "refuse", "bug", "z"]
    values: dict[str, list[str]] = {task: [] for task in tasks}
    errors: dict[str, PipelineError | None] = {}
    with LimitedPool(tasks_module.work, 1, seconds=1.5, megabytes=300) as pool:
        for event in pool.run(tasks):
            if event.is_done:
                errors[event.task] = event.error
            elif event.value is not None:
                values[event.task].append(event.value)
    assert list(errors) == tasks
    assert values["a"][0] == "A" and values["z"][0] == "Z"
    assert values["hang"] == ["before"]
    assert errors["a"] is None and errors["z"] is None
    assert isinstance(errors["hang"], LimitExceeded) and "1.5 s" in str(errors["hang"])
    assert isinstance(errors["memory"], LimitExceeded) and "300 MB" in str(errors["memory"])
    assert isinstance(errors["crash"], UnreadableSource) and "SIGSEGV" in str(errors["crash"])
    assert str(errors["refuse"]) == "It is empty."
    assert "KeyError" in str(errors["bug"])
    assert all(error.what_to_do for error in errors.values() if error)


def test_a_worker_serves_many_tasks_and_ends_with_the_pool(tasks_module: ModuleType) -> None:
    with LimitedPool(tasks_module.work, 1, seconds=20) as pool:
        processes = {event.value for event in pool.run(["a", "b", "c"]) if event.value and event.value.isdigit()}
    assert len(processes) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(int(processes.pop()), 0)


def test_a_worker_that_cannot_start_is_an_error(tasks_module: ModuleType) -> None:
    with (
        LimitedPool(tasks_module.work, 1, initializer=tasks_module.fail_to_start) as pool,
        pytest.raises(ModelNotFound, match="No model"),
    ):
        list(pool.run(["a"]))
