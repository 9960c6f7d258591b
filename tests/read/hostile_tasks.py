"""Work for the limited pool's tests: a module of its own, because worker processes import it by name."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

from pipeline.errors import ModelNotFound, UnreadableSource


def work(task: str) -> Iterator[str]:
    if task == "hang":
        yield "before"
        time.sleep(600)
    if task == "memory":
        block = [bytearray(64 << 20) for _ in range(64)]
        yield str(len(block))
    if task == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if task == "refuse":
        raise UnreadableSource("It is empty.", what_to_do="Nothing.")
    if task == "bug":
        raise KeyError("x")
    yield task.upper()
    yield str(os.getpid())


def fail_to_start() -> None:
    raise ModelNotFound("No model.", what_to_do="Reinstall.")
