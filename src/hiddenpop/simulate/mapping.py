"""Run one function over many items: here, on local processes, or on a cluster.

The function and the items must survive pickling. Results come back in the order of the items and do not depend
on where they were computed, because every item carries its own seed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar, cast

from hiddenpop.compiling import worker_count

__all__ = ["NoCluster", "map_over"]

#: Seconds that a scheduler has to answer.
PATIENCE = 10

Item = TypeVar("Item")
Result = TypeVar("Result")


class NoCluster(RuntimeError):
    """The cluster that was named cannot be used; the message says what to do."""


@contextmanager
def _executor(cluster: str | Executor | None, workers: int | None) -> Iterator[Executor]:
    if isinstance(cluster, Executor):
        yield cluster
        return
    if cluster is not None:
        try:
            from distributed import Client
        except ImportError:
            raise NoCluster(
                "a cluster needs Dask: install hiddenpop with its extra, pip install 'hiddenpop[cluster]'"
            ) from None
        try:
            client: Any = cast(Any, Client)(cluster, timeout=PATIENCE)
        except (OSError, ValueError) as reason:
            raise NoCluster(
                f"no Dask scheduler answers at {cluster!r} ({reason}). Start one with 'dask scheduler' and its workers "
                f"with 'dask worker ADDRESS'; an address looks like tcp://10.0.0.1:8786."
            ) from None
        try:
            yield client.get_executor()
        finally:
            client.close()
        return
    # Spawned, not forked: a fork of a process with running threads can hang.
    with ProcessPoolExecutor(worker_count(workers), mp_context=get_context("spawn")) as pool:
        yield pool


def map_over(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    cluster: str | Executor | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    each: Callable[[int, Result], None] | None = None,
) -> list[Result]:
    """Apply `function` to every item and return the results in order.

    Parameters
    ----------
    function : callable
        Importable from a module, so that another process can find it. It must draw from a generator made from
        its item, never from global state.
    items : iterable
    cluster : str or concurrent.futures.Executor, optional
        Address of a Dask scheduler (``"tcp://10.0.0.1:8786"``), or a ready executor. Default: local processes.
    workers : int, optional
        Local processes; 1 runs in this process without any other.
    progress : callable, optional
        Called with (done, total).
    each : callable, optional
        Called with (position, result) as soon as a result is there, in any order; for saving partial work.

    Returns
    -------
    list
        Results in the order of `items`. After Ctrl-C: the results of the items that were done, in order.

    Raises
    ------
    NoCluster
        When an address is given and Dask is not installed, or no scheduler answers there.

    Examples
    --------
    >>> map_over(abs, [-1, 2, -3], workers=1)
    [1, 2, 3]
    """
    todo = list(items)
    done: dict[int, Result] = {}

    def take(position: int, result: Result) -> None:
        done[position] = result
        if each is not None:
            each(position, result)
        if progress is not None:
            progress(len(done), len(todo))

    if not todo:
        return []
    try:
        if cluster is None and workers == 1:
            for position, item in enumerate(todo):
                take(position, function(item))
        else:
            with _executor(cluster, workers) as pool:
                _run(pool, function, todo, take)
    except KeyboardInterrupt:
        pass
    return [done[position] for position in sorted(done)]


def _run(
    pool: Executor,
    function: Callable[[Any], Any],
    todo: list[Any],
    take: Callable[[int, Any], None],
) -> None:
    waiting: dict[Future[Any], int] = {}
    try:
        for position, item in enumerate(todo):
            waiting[pool.submit(function, item)] = position
        for future in as_completed(waiting):
            take(waiting[future], future.result())
    except BaseException:
        for future in waiting:
            future.cancel()
        raise
