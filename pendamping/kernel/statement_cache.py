"""Statements that are built once and run many times: putting one together takes longer than a small database answers.

What is built depends on nothing but its arguments, and a select that came from here is the same object the next time:
so a select over a select is kept as well.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import ParamSpec, TypeVar, cast

MOST_KEPT = 64
"""Of each kind: those of the people who are here now, on the pages they turn over."""

P = ParamSpec("P")
T = TypeVar("T")


def built_once(build: Callable[P, T]) -> Callable[P, T]:
    """Keep what a function builds, by its arguments, the lately used; for functions without other effects.

    An argument that has a `sight` (a person: what decides what they see) counts as the same when that is equal.
    """
    kept: OrderedDict[Hashable, T] = OrderedDict()
    lock = Lock()

    @wraps(build)
    def built(*args: P.args, **kwargs: P.kwargs) -> T:
        key = (tuple(map(_key, args)), tuple((name, _key(value)) for name, value in kwargs.items()))
        with lock:
            if key in kept:
                kept.move_to_end(key)
                return kept[key]
        made = build(*args, **kwargs)
        with lock:
            kept[key] = made
            if len(kept) > MOST_KEPT:
                kept.popitem(last=False)
        return made

    return built


def _key(argument: object) -> Hashable:
    return cast("Hashable", getattr(argument, "sight", argument))
