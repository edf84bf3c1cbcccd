"""A file made for a unit, ready to be sent or saved."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Made:
    """A workbook, or an outline."""

    unit: str
    form: str  # code of the form, or of the outline
    name: str
    data: bytes

    @property
    def path(self) -> str:
        """Where it lies in a bundle."""
        return f"{self.unit}/{self.name}"

    @property
    def sha256(self) -> str:
        """Of the bytes."""
        return hashlib.sha256(self.data).hexdigest()
