"""The app's own file store."""

from flask import Flask, current_app

from pendamping.kernel.filestore import FileStore


def init_files(app: Flask, store: FileStore) -> None:
    app.extensions["files"] = store


def files() -> FileStore:
    """The app's files; services get the store as an argument."""
    store: FileStore = current_app.extensions["files"]
    return store
