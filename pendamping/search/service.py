"""Making the index anew."""

from sqlalchemy.orm import Session

from pendamping.search.index import filling


def refresh(session: Session) -> None:
    """Work the index out again from the tables: needed only if somebody has changed the database past the product."""
    connection = session.connection()
    for statement in filling(connection.dialect.name):
        connection.exec_driver_sql(statement)
