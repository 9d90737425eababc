"""Writers and servers that die: the chain stays whole, and what was answered is still there."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings
from tests.plugins.database import (
    TestCluster,
    _install_context_key,
    _point_at,
    _site_packages,
    _template_folder,
    scratch_folder,
)
from tests.waymark.audit.writing import AGENCY, words, write

from waymark.audit.selectors import head_of
from waymark.config.launch.cluster import Cluster


def kill_a_writer(after: float) -> None:
    """A process that writes act after act, killed wherever it is."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            while True:
                write(1)
        finally:
            os._exit(1)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def killed(times: int) -> None:
    chance = random.Random(7)
    before = 0
    for _ in range(times):
        kill_a_writer(0.03 + chance.random() * 0.2)
        write(1)
        assert words() == []
        head = head_of(AGENCY)
        assert head is not None
        assert head[0] > before
        before = head[0]


def test_a_killed_writer_leaves_a_whole_chain(committed_db: str) -> None:
    killed(4)


@pytest.mark.nightly
def test_two_hundred_killed_writers_leave_a_whole_chain(committed_db: str) -> None:
    killed(200)


@pytest.fixture
def own_cluster(django_db_setup: None, django_db_blocker: Any, test_cluster: TestCluster) -> Iterator[Cluster]:
    """A server of the test's own that waits for its disk as a real one does."""
    with scratch_folder() as scratch, django_db_blocker.unblock(), override_settings(AUDIT_ATTEMPTS_DATABASE="attempts"):
        subprocess.run(["cp", "-a", "--reflink=auto", _template_folder(), scratch / "pg"], check=True)
        cluster = Cluster.at(scratch / "pg", _site_packages())
        cluster.start()
        try:
            # Whatever is not waited for stays in memory for ten seconds, and dies with the server.
            cluster.sql("ALTER SYSTEM SET wal_writer_delay = '10s'")
            cluster.stop()
            cluster.start()
            _install_context_key(cluster)
            _point_at(SimpleNamespace(cluster=cluster), "waymark_template")  # type: ignore[arg-type]
            yield cluster
        finally:
            _point_at(test_cluster, "waymark_test")
            cluster.stop("immediate")


@pytest.mark.house
def test_what_was_answered_survives_the_death_of_the_database(own_cluster: Cluster) -> None:
    for answered in (3, 6, 9):
        write(3)
        connections.close_all()
        own_cluster.stop("immediate")
        own_cluster.start()

        head = head_of(AGENCY)
        assert head is not None
        assert head[0] == answered
        assert words() == []
