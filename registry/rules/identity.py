"""A view as a key of a cache."""

from __future__ import annotations

from registry.catalogue.forms import View


class ViewIdentity:
    """A view as a key of a cache: the same form and definitions, met by the same rows in the same shape.

    Views hold dictionaries and cannot be hashed by value; units with equal row sets share what is bound here.
    """

    __slots__ = ("_hash", "view")

    def __init__(self, view: View) -> None:
        self.view = view
        self._hash = hash((id(view.form), id(view.definitions), view.shape, view.row_set))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ViewIdentity):
            return NotImplemented
        one, two = self.view, other.view
        same_tables = one.form is two.form and one.definitions is two.definitions
        return one is two or (same_tables and one.shape == two.shape and one.row_set == two.row_set)
