"""Baocao's entry: wires settings, store, worker and pages together."""

from __future__ import annotations

import os

from flask import Flask

from actions.instance import Instance
from actions.settings import Settings
from webui import commands, site


def create_app(instance: Instance) -> Flask:
    """The WSGI application of an open instance."""
    app = Flask("webui", static_folder="static", template_folder="templates")
    site.register(app, instance)
    return app


def main() -> None:
    """The ``baocao`` command."""
    commands.baocao(obj=commands.Shell(Settings.read(os.environ), create_app))


if __name__ == "__main__":
    main()
