"""The WSGI entry for any server: `gunicorn wsgi:app`."""

from pendamping.app import create_app

app = create_app()
