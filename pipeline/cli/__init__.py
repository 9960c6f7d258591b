"""The command `evidence`: one file per verb, loaded when the verb is used."""

from __future__ import annotations

from importlib import import_module

import click

# verb → one-line help. Modules are imported only when used, so that `evidence --help` and light verbs start fast.
VERBS: dict[str, str] = {}


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


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Turn papers into an evidence database with proof for every number."""
