"""The command `evidence`: one file per verb, loaded when the verb is used.

Exit status: 0 done, 1 error (one line on stderr), 2 done but some papers failed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

from pipeline.errors import PipelineError

# verb → one-line help. Modules are imported only when used, so that `evidence --help` and light verbs start fast.
VERBS: dict[str, str] = {
    "ingest": "Read papers into a database.",
    "load": "Merge Parquet shards of a cluster into a database.",
    "tag": "Print the mentions of one file.",
    "query": "Find evidence rows.",
    "ico": "The numbers of one intervention, comparator and outcome.",
    "show": "Show one row with its quote in context.",
    "verify": "Prove that every quote stands where its row says.",
    "diff": "Compare the content of two databases.",
    "evaluate": "Score a model on an annotated corpus.",
    "train": "Rebuild the trained model from corpora.",
    "vocab": "Add your own vocabularies.",
    "review": "Accept, correct or reject rows.",
    "plot": "Draw a forest plot, the evidence map or the course of a case.",
    "audit": "Check every number that can be checked.",
    "serve": "Browse the database in the browser.",
    "export": "Write rows as CSV, Parquet, RevMan, BRAT, FHIR and more.",
    "bench": "Measure speed against peers.",
    "info": "Versions, and the health of a database.",
}


class LazyGroup(click.Group):
    """A group whose command `verb` is `pipeline.cli.<verb>.command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command = import_module(f"pipeline.cli.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run, and end with the exit status of the contract: every error is one line."""
        extra["complete_var"] = complete_var
        if not standalone_mode:
            return super().main(args, prog_name, standalone_mode=False, **extra)
        try:
            status = super().main(args, prog_name or "evidence", standalone_mode=False, **extra)
        except click.ClickException as error:
            context = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "evidence"
            _fail(f"{error.format_message()} Try `{context} --help`.")
        except PipelineError as error:
            _fail(" ".join(part for part in (str(error), error.what_to_do) if part))
        except (KeyboardInterrupt, click.Abort):
            _fail("stopped. What was stored stays; run the same command again to go on.")
        except BrokenPipeError:
            # The reader of our output went away, as `head` does. Python would complain once more while closing.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        except Exception as error:
            if os.environ.get("EVIDENCE_DEBUG"):
                raise
            text = " ".join(str(error).split())
            _fail(f"unexpected {type(error).__name__}: {text} Please report it; EVIDENCE_DEBUG=1 shows where.")
        sys.exit(status if isinstance(status, int) else 0)


def _fail(message: str) -> NoReturn:
    line = " ".join("".join(c if c.isprintable() else " " for c in message).split())
    click.echo(f"error: {line}", err=True)
    sys.exit(1)


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="evidence-pipeline", prog_name="evidence")
def main() -> None:
    """Turn papers into an evidence database with proof for every number."""
