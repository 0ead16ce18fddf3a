"""The app's own file store, and how large a body a request may send."""

from flask import Flask, current_app, request

from pendamping.kernel.filestore import FileStore


def keep_files(app: Flask, store: FileStore) -> None:
    app.extensions["files"] = store


def files() -> FileStore:
    """The app's files; services get the store as an argument."""
    store: FileStore = current_app.extensions["files"]
    return store


def allow_body_of(megabytes: int) -> None:
    """Call it first in a view that takes files: every other view keeps the small limit."""
    request.max_content_length = megabytes * 1024 * 1024
