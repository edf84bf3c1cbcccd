"""Alembic's entry: run the migrations through the store's own door."""

from alembic import context

from registry.store.engine import Store
from registry.store.tables import metadata

store: Store = context.config.attributes["store"]
with store.write() as connection:
    context.configure(connection=connection, target_metadata=metadata, transactional_ddl=False)
    context.run_migrations()
