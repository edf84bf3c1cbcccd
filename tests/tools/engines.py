"""What every test's engine works out anew costs a seventh of the run: the engines of one kind share it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine

_QUERIES = 10_000  # statements whose SQL is kept


def sharing(create: Callable[..., Engine]) -> Callable[..., Engine]:
    """``create_engine`` whose engines of one kind of database share one dialect, and by it the SQL of statements.

    The key of a kept statement names the dialect itself, so that an engine of its own finds nothing.
    """
    first: dict[str, Engine] = {}

    def create_sharing(url: Any, **options: Any) -> Engine:
        engine = create(url, query_cache_size=_QUERIES, **options)
        kind = engine.dialect.name
        if kind not in first:
            first[kind] = engine
            return engine
        engine.dialect = first[kind].dialect
        engine._compiled_cache = first[kind]._compiled_cache
        return engine

    return create_sharing
