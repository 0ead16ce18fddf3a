"""A code names one error, whoever raises it: machines and logs know it by nothing else."""

import importlib
from collections import defaultdict
from collections.abc import Iterator

from pendamping.kernel.errors import DomainError
from tests.architecture.layout import modules

RUN_BY_ALEMBIC = "pendamping.migrations.env"


def errors_below(error: type[DomainError]) -> Iterator[type[DomainError]]:
    yield error
    for each in error.__subclasses__():
        yield from errors_below(each)


def test_no_two_errors_share_a_code() -> None:
    own = set(modules()) - {RUN_BY_ALEMBIC}
    for name in own:
        importlib.import_module(name)

    named = defaultdict(set)
    for error in errors_below(DomainError):
        is_only_a_kind = "code" not in vars(error) and error.__subclasses__()
        if error.__module__ in own and not is_only_a_kind:
            named[error.code].add(f"{error.__module__}.{error.__name__}")

    assert {code: names for code, names in named.items() if len(names) > 1} == {}
