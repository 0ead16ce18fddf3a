"""PDFs are opened in a process of their own, which may take so much and no more.

What a file of some kilobytes becomes is known only when it has been inflated, and no limit of qpdf's holds for every
filter, chain of filters and list of numbers. Here the machine's own limits do: whatever the file is made of, it costs
the office at most `MOST_BYTES` and `MOST_SECONDS`, and then it is refused.
"""

import os
import resource
import subprocess
import sys
from threading import BoundedSemaphore

from pendamping.attachments import papers
from pendamping.kernel.errors import DomainError

MOST_BYTES = 192 * 1024 * 1024
"""A paper of 15 MB with 20,000 objects takes 120 MB, the interpreter included."""
MOST_SECONDS = 10
"""Of the processor's time: a busy machine makes no file worse."""
PATIENCE_SECONDS = 120
AT_ONCE = BoundedSemaphore(2)
"""In each of the server's processes; the threads beyond wait."""
REFUSALS: dict[str, type[DomainError]] = {
    each.code: each
    for each in (
        papers.NotADocument,
        papers.EncryptedDocument,
        papers.ActingDocument,
        papers.DocumentWithFiles,
        papers.TwoKindsOfFile,
        papers.HeavyDocument,
    )
}


def refuse_unsafe_pdf(data: bytes) -> None:
    """`papers.refuse_unsafe_pdf`, without its cost to this process; about 0.1 s of the processor's time.

    Raises:
        HeavyDocument: opening it takes more than any paper needs.
        DomainError: what `papers.refuse_unsafe_pdf` raises.
    """
    command = [sys.executable, "-P", "-m", __name__, str(MOST_BYTES), str(MOST_SECONDS)]
    only_paths = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with AT_ONCE:
        opened = subprocess.run(command, input=data, env=only_paths, capture_output=True, timeout=PATIENCE_SECONDS)
    if opened.returncode < 0:
        raise papers.HeavyDocument
    opened.check_returncode()
    if said := opened.stdout.decode():
        raise REFUSALS[said]


def _said_of(data: bytes) -> str:
    try:
        papers.refuse_unsafe_pdf(data)
    except DomainError as refused:
        return refused.code
    except MemoryError:
        return papers.HeavyDocument.code
    return ""


def _take_no_more(most_bytes: int, most_seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, most_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (most_seconds, most_seconds + 1))


if __name__ == "__main__":
    _take_no_more(*map(int, sys.argv[1:]))
    sys.stdout.write(_said_of(sys.stdin.buffer.read()))
