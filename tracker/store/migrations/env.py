"""Runs the migrations within the connection and transaction that `tracker.store.schema` hands over."""

from alembic import context

from tracker.store.tables import Table

context.configure(connection=context.config.attributes["connection"], target_metadata=Table.metadata)
with context.begin_transaction():
    context.run_migrations()
