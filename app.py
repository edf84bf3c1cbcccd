"""Baocao's entry: wires settings, store, worker and pages together."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from webui import commands

if TYPE_CHECKING:
    from flask import Flask

    from actions.instance import Instance


def create_app(instance: Instance) -> Flask:
    """The WSGI application of an open instance."""
    from flask import Flask

    from webui import site

    app = Flask("webui", static_folder="static", template_folder="templates")
    site.register(app, instance)
    return app


def main() -> None:
    """The ``baocao`` command."""
    from actions.settings import Settings

    commands.baocao(obj=commands.Shell(Settings.read(os.environ), create_app))


if __name__ == "__main__":
    main()
