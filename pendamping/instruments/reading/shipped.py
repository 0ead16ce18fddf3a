"""The instruments that come with the product, in the order in which a visit asks them."""

from importlib.resources import files

SHIPPED = {"KL": "kelembagaan.yaml", "TK": "transparansi_keuangan.yaml", "UK": "usaha_kemitraan.yaml"}
"""File by code."""


def shipped_text(code: str) -> str:
    return files("pendamping.instruments").joinpath("files", SHIPPED[code]).read_text(encoding="utf-8")
