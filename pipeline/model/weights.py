"""The trained numbers under flat names, with their gradients: a `thinc.Model` with a typed face."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from thinc.api import Model

Floats = NDArray[np.float32]


class Weights:
    """Weights and gradients by name; `step` hands both to a thinc optimizer.

    Args:
        params: name → array.
    """

    def __init__(self, params: Mapping[str, Floats]) -> None:
        self._model: Any = Model("evidence_tagger", _not_called, params=dict[str, Any](params))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all weights."""
        return tuple(self._model.param_names)

    def get(self, name: str) -> Floats:
        """One array."""
        found: Floats = self._model.get_param(name)
        return found

    def set(self, name: str, value: Floats) -> None:
        """Replace one array."""
        self._model.set_param(name, value)

    def add_gradient(self, name: str, value: Floats) -> None:
        """Add to the gradient of one array."""
        self._model.inc_grad(name, value)

    def gradient(self, name: str) -> Floats | None:
        """The gradient summed so far, None if there is none."""
        return self._model.get_grad(name) if self._model.has_grad(name) else None

    def step(self, optimizer: Any) -> None:
        """Update all weights that have a gradient, and forget the gradients."""
        self._model.finish_update(optimizer)


def _not_called(*_: object) -> Any:
    raise NotImplementedError("pipeline.model.network runs the weights")
