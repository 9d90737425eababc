"""The queue lives in the same PostgreSQL: a job is queued with the act's own transaction, and one worker takes it."""

from __future__ import annotations

import datetime as dt
import subprocess

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.plugins.server import environment_of

from waymark.accounts.models import Session
from waymark.config.launch.up import worker_command
from waymark.jobs import tasks


def drain(url: str) -> None:
    """Run a worker until the queue is empty, as the application's role."""
    place, environment = environment_of(url)
    done = subprocess.run(
        worker_command(place, ["--one-shot"]), cwd=place.root, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


def session(key: str, days: int) -> None:
    now = timezone.now()
    Session.objects.create(
        session_key=key, session_data="", expire_date=now + dt.timedelta(days=days), began_at=now, seen_at=now
    )


@pytest.mark.django_db
def test_a_job_is_queued_only_if_its_transaction_commits() -> None:
    @transaction.atomic
    def act() -> None:
        tasks.remove_ended_sessions.defer(timestamp=0)
        assert ProcrastinateJob.objects.count() == 1
        raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert not ProcrastinateJob.objects.exists()


def test_a_worker_removes_ended_sessions_and_keeps_the_others(committed_db, test_cluster) -> None:
    session("ended", -1)
    session("open", 1)
    tasks.remove_ended_sessions.defer(timestamp=0)
    drain(test_cluster.url(committed_db))
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]
    # Other jobs may have come due in these very minutes.
    mine = ProcrastinateJob.objects.filter(task_name="jobs.remove_ended_sessions")
    assert set(mine.values_list("status", flat=True)) == {"succeeded"}


def test_a_worker_removes_jobs_that_ended_a_week_ago(committed_db, test_cluster, owner) -> None:
    made = []
    for _ in range(2):
        made.append(tasks.remove_ended_sessions.defer(timestamp=0))
        drain(test_cluster.url(committed_db))
    old, young = made
    owner("UPDATE procrastinate_events SET at = at - interval '8 days' WHERE job_id = %s", (old,))
    tasks.remove_finished_jobs.defer(timestamp=0)
    drain(test_cluster.url(committed_db))
    kept = set(ProcrastinateJob.objects.values_list("id", flat=True))
    assert young in kept
    assert old not in kept


@pytest.mark.django_db
def test_the_application_role_may_work_on_the_queue_and_not_on_its_schema() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('procrastinate_jobs', 'INSERT'), has_schema_privilege('public', 'CREATE')"
        )
        assert cursor.fetchone() == (True, False)
