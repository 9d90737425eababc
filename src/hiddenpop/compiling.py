"""Compile numerical kernels late, or not at all.

The kernels of this package are plain Python functions over NumPy arrays. :func:`compiled` hands back the same
function compiled by Numba, the first time it is asked for and from Numba's disk cache after that, so importing
the package costs nothing. With ``NUMBA_DISABLE_JIT=1`` the plain function itself comes back: that is what
coverage and mutation tests look at.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any, TypeVar, cast

__all__ = ["compiled", "worker_count"]

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def compiled(kernel: Kernel) -> Kernel:
    """Return `kernel` compiled, together with the plain functions that it calls.

    Parameters
    ----------
    kernel : function
        A function Numba can compile. Functions it names that live in the same module must be kernels too.

    Returns
    -------
    function
        Same signature; releases the interpreter lock while it runs, so threads can share the work.
    """
    if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"):
        return kernel
    return cast(Kernel, _jit(cast(FunctionType, kernel)))


@cache
def _jit(kernel: FunctionType) -> Any:
    from numba import njit

    # Numba cannot call a plain function from a compiled one, so the copy that is compiled sees compiled
    # versions of the kernels it names. The originals stay plain Python.
    names = dict(kernel.__globals__)
    for name in kernel.__code__.co_names:
        if isinstance(names.get(name), FunctionType):
            names[name] = _jit(names[name])
    copy = FunctionType(kernel.__code__, names, kernel.__name__, kernel.__defaults__, kernel.__closure__)
    copy.__module__ = kernel.__module__
    copy.__qualname__ = kernel.__qualname__
    return njit(copy, cache=True, nogil=True, error_model="numpy")


def worker_count(asked: int | None = None) -> int:
    """Threads to use: what was asked for, else one a processor this process may run on."""
    if asked is not None:
        if asked < 1:
            raise ValueError(f"workers must be at least 1; got {asked}")
        return asked
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
