"""Reads instruments: the text of a file, the nodes of a document, the rules of numbers and dates, the whole."""
