"""The index of the search, for migrations: made and filled, taken down.

SQLite drops a table's triggers when batch mode remakes the table: a migration that does so with a table that is
searched takes the index down first and puts it up again.
"""

from alembic import op

from pendamping.search.index import filling, making, unmaking


def put_up() -> None:
    connection = op.get_bind()
    for statement in making(connection.dialect.name):
        connection.exec_driver_sql(statement)
    if connection.dialect.name == "sqlite":
        for statement in filling("sqlite"):
            connection.exec_driver_sql(statement)


def take_down() -> None:
    connection = op.get_bind()
    for statement in unmaking(connection.dialect.name):
        connection.exec_driver_sql(statement)
