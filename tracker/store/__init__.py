"""The database: persons, sensors, sessions, analyses with their sets, repetitions and rest tests.

Importing this package costs nothing: `values` and `recorder` need no database library, the other modules
import SQLAlchemy, and only a change of the schema imports alembic.
"""
