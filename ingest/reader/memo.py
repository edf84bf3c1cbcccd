"""What pieces of XML were found to say, remembered from file to file: forms come back by the thousand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar, cast

Meaning = TypeVar("Meaning")

_LONGEST = 4 * 1024  # bytes of one piece
_MOST_BYTES = 24 * 1024 * 1024
_MOST = 150_000


class Memo(dict[bytes, Meaning], Generic[Meaning]):
    """Meanings by the bytes they were read from; emptied when it has grown too large."""

    def __init__(self) -> None:
        super().__init__()
        self._bytes = 0

    def of_all(self, pieces: Sequence[bytes], learn: Callable[[bytes], Meaning]) -> list[Meaning]:
        """The meaning of each piece; of those not remembered, as ``learn`` finds it. No meaning may be false."""
        found = [*map(self.get, pieces)]
        if all(found):
            return cast("list[Meaning]", found)
        return [known or self.get(piece) or learn(piece) for piece, known in zip(pieces, found, strict=True)]

    def add(self, piece: bytes, meaning: Meaning) -> None:
        """Remembers a short piece."""
        if len(piece) > _LONGEST:
            return
        if len(self) >= _MOST or self._bytes > _MOST_BYTES:
            self.clear()
            self._bytes = 0
        self._bytes += len(piece)
        self[piece] = meaning
