"""A Datasette that serves one evidence database.

Place in the flow: behind `evidence serve`. The file is opened for reading only; a review opens it for its own moment.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

from pipeline.errors import PipelineError
from pipeline.serve.site import DATABASE, Site
from pipeline.store import open_store

HOST = "127.0.0.1"
_HERE = Path(__file__).resolve().parent
_SETTINGS = {
    "default_page_size": 100,
    "max_returned_rows": 10_000,
    "sql_time_limit_ms": 5_000,
    "facet_time_limit_ms": 500,
    "suggest_facets": False,
    "allow_download": False,
    "num_sql_threads": 4,
}


class ServeError(PipelineError):
    """The server cannot be started."""


def make_app(path: Path, *, token: str | None = None) -> Any:
    """The Datasette; `.app()` is the ASGI application.

    Args:
        token: lets whoever knows it review rows; None serves read-only.

    Raises:
        StoreError: there is no database of ours at `path`.
        ServeError: Datasette is not installed.
    """
    open_store(path, read_only=True).close()
    try:
        from datasette.app import Datasette
        from datasette.database import Database
        from datasette.plugins import pm
    except ImportError as error:
        raise ServeError(
            "The web page needs Datasette.", what_to_do="pip install 'evidence-pipeline[serve]'."
        ) from error
    from pipeline.serve import plugin

    # Plugins that happen to be installed beside us are not part of this server: they could send requests elsewhere.
    for foreign, _ in pm.list_plugin_distinfo():
        pm.unregister(foreign)
    if not pm.is_registered(plugin):
        pm.register(plugin, "pipeline.serve.plugin")
        # Datasette prints a trace with local variables for every address that is none; the plugin answers instead.
        pm.unregister(name="datasette.handle_exception")
    datasette = Datasette(
        [],
        template_dir=str(_HERE / "templates"),
        static_mounts=[("static", str(_HERE / "static"))],
        settings=_SETTINGS,
        metadata={"title": "Evidence"},
        cache_headers=False,
    )
    # A read-only medium cannot hold the side files of a write-ahead log; "immutable" is right only then.
    writable = os.access(path.parent, os.W_OK)
    datasette.add_database(Database(datasette, path=str(path), is_mutable=writable), name=DATABASE)
    datasette.evidence_site = Site(path, token)
    return datasette


def free_port(port: int) -> int:
    """The port asked for, or any free one for 0.

    Raises:
        ServeError: another program has it.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise ServeError(
                f"Port {port} is taken.", what_to_do="Choose another with --port, or 0 for any."
            ) from error
        return int(probe.getsockname()[1])


def serve(datasette: Any, port: int) -> None:
    """Answer requests from this machine until interrupted."""
    import uvicorn

    uvicorn.run(datasette.app(), host=HOST, port=port, log_level="warning", lifespan="on", server_header=False)
