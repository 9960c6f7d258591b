"""Errors that a user can act on: what happened, which input, what to do next.

PipelineError
├── SourceError      UnknownFormat, UnreadableSource, LimitExceeded
├── ModelError       ModelNotFound, ModelMismatch
├── RecordError      a record that breaks its own rules (a span outside its passage)
└── StoreError       StoreNotFound, NotAnEvidenceStore, SchemaTooNew, StoreLocked, StoreReadOnly
"""

from __future__ import annotations


class PipelineError(Exception):
    """Base of all errors raised on purpose.

    Args:
        message: what happened and to which input, one line.
        what_to_do: the next step for the user, one line; stored in the view `failures`.
    """

    def __init__(self, message: str, *, what_to_do: str | None = None) -> None:
        super().__init__(message)
        self.what_to_do = what_to_do

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders; the default would drop the keyword argument.
        return (_rebuild, (type(self), self.args[0], self.what_to_do))


def _rebuild(kind: type[PipelineError], message: str, what_to_do: str | None) -> PipelineError:
    return kind(message, what_to_do=what_to_do)


class SourceError(PipelineError):
    """A file cannot become a document."""


class UnknownFormat(SourceError):
    """No reader recognises the content."""


class UnreadableSource(SourceError):
    """The format is known and this file of it is broken, encrypted or empty."""


class LimitExceeded(SourceError):
    """Reading or tagging one file took more time or memory than allowed."""


class ModelError(PipelineError):
    """A model folder cannot be used."""


class ModelNotFound(ModelError):
    """There is no model at the place named."""


class ModelMismatch(ModelError):
    """The model was built for another version, or is damaged."""


class RecordError(PipelineError):
    """A record breaks its own rules."""


class StoreError(PipelineError):
    """The database cannot be used."""


class StoreNotFound(StoreError):
    """There is no database at the place named."""


class NotAnEvidenceStore(StoreError):
    """The file is not one of our databases."""


class SchemaTooNew(StoreError):
    """The database was written by a newer version."""


class StoreLocked(StoreError):
    """Another process is writing."""


class StoreReadOnly(StoreError):
    """The database or its folder cannot be written."""
