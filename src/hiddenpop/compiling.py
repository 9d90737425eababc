"""Compile numerical kernels late, or not at all.

The kernels of this package are plain Python functions over NumPy arrays. :func:`compiled` hands back the same
function compiled by Numba, the first time it is asked for and from Numba's disk cache after that, so importing
the package costs nothing. With ``NUMBA_DISABLE_JIT=1`` the plain function itself comes back: that is what
coverage and mutation tests look at.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from types import CodeType, FunctionType
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
    # The disk cache knows a kernel by name and source file, but not the kernels and constants that it takes from
    # other files. Their fingerprint in the name keeps an edit there from being answered with old machine code.
    copy.__qualname__ = f"{kernel.__qualname__}_{_fingerprint(kernel)}"
    return njit(copy, cache=True, nogil=True, error_model="numpy")


@cache
def _fingerprint(kernel: FunctionType) -> str:
    """Digest of a kernel's code and of everything that it names: other kernels, and numbers."""
    code = kernel.__code__
    digest = hashlib.sha256(code.co_code)
    # Nested code objects print their address, which differs from run to run.
    constants = [value for value in code.co_consts if not isinstance(value, CodeType)]
    digest.update(repr((constants, code.co_names)).encode())
    for name in code.co_names:
        value = kernel.__globals__.get(name)
        if isinstance(value, FunctionType):
            digest.update(_fingerprint(value).encode())
        elif isinstance(value, (int, float)):
            digest.update(repr(value).encode())
    return digest.hexdigest()[:12]


def worker_count(asked: int | None = None) -> int:
    """Threads to use: what was asked for, else one a processor this process may run on."""
    if asked is not None:
        if asked < 1:
            raise ValueError(f"workers must be at least 1; got {asked}")
        return asked
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
