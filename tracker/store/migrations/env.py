"""Runs the migrations within the connection and transaction that `tracker.store.schema` hands over."""

from alembic import context

from tracker.store.dialects import keeps_rows_of_new_tables
from tracker.store.tables import Table

connection = context.config.attributes["connection"]
if not keeps_rows_of_new_tables(connection):
    raise ValueError("migrations need foreign keys switched off: use Database.migrate")
context.configure(connection=connection, target_metadata=Table.metadata)
with context.begin_transaction():
    context.run_migrations()
