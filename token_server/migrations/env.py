"""Run by Alembic: applies the migrations on the connection it is given.

At start `token_server.database.migrate` gives its own. To write the next migration:
`alembic -c token_server/migrations/alembic.ini revision -m "what changes"`.
"""

from alembic import context
from sqlalchemy import Connection, create_engine

from token_server.tables import metadata


def _apply(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _apply(given)
else:
    with create_engine(str(context.config.get_main_option("sqlalchemy.url"))).connect() as own:
        _apply(own)
