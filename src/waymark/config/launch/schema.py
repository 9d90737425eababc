"""A first start reads the schema as one file, instead of replaying every migration since the beginning.

The migrations stay the only place where the schema is written. `schema.sql` is what they make, as PostgreSQL's own dump
tells it, and a test compares the two to the letter. Django keeps a picture of all tables while it migrates and draws it
anew at every step; that takes half of a first start, and reading the file takes a second. Only the embedded server reads
it: its version is the one that wrote the file. On any other server the migrations run.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from waymark.config.launch.cluster import psql
from waymark.config.launch.database import APP, OWNER, PRIVILEGES, Database
from waymark.config.launch.progress import run

SCHEMA = Path(__file__).with_name("schema.sql")
# A moment that is no one's stands for that of the reading: when the file was made says nothing about an installation.
MOMENT = "2000-01-01 00:00:00+00"
TABLES_OF_OURS = "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relowner = current_user::regrole;"


def load_schema(database: Database) -> bool:
    """Fill an embedded database that has no table yet, all or nothing. False when there is nothing to fill."""
    if database.cluster is None or psql(database.programs, database.owner(), TABLES_OF_OURS).strip() != "0":
        return False
    # The rights that new tables are given come after the tables, whose own rights are complete in the file.
    before = "BEGIN;\nSET client_min_messages = warning;\nDROP OWNED BY CURRENT_USER;\n"
    after = PRIVILEGES.format(owner=OWNER, app=APP) + "COMMIT;\n"
    schema = SCHEMA.read_text(encoding="utf-8").replace(MOMENT, dt.datetime.now(dt.UTC).isoformat(" "))
    psql(database.programs, database.owner(), before + schema + after)
    return True


def dump_schema(programs: Path, url: str) -> str:
    """A migrated database as SQL: tables, rules and rights, and the rows that migrations wrote; no secret, no moment."""
    text = run(
        [
            *(programs / "pg_dump", "--no-owner", "--no-comments", "--exclude-extension=*", "--inserts"),
            *(
                "--rows-per-insert=100",
                "--restrict-key=waymark",
                "--exclude-table-data=access.context_key",
                f"--dbname={url}",
            ),
        ],
        "dumping the schema",
        env={"PATH": "", "LC_ALL": "C.UTF-8"},
    )
    rows = re.compile(r"^INSERT INTO .*?\);\n", re.M | re.S)
    moment = re.compile(r"'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?\+\d\d'")
    text = rows.sub(lambda found: moment.sub(f"'{MOMENT}'", found[0]), text)
    # Which server's programs wrote it changes with each of their releases, and nothing else with it.
    return re.sub(r"^-- Dumped .*\n", "", text, flags=re.M)
