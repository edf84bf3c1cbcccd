"""The sample catalogue and figures, "dữ liệu mẫu" (SAMPLE_CATALOGUE 5.1-5.13): CSV sources and what follows."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from registry.catalogue.model import Catalogue
from registry.sample.sources import base


@cache
def catalogue() -> Catalogue:
    """The sample catalogue, with the sample plans of 2025 and 2026."""
    from registry.sample.plans import plans

    return replace(base(), plans=plans())
