"""What the module keeps: orders it was told of, and the deliveries by which it was told."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS bought (
    order_id TEXT NOT NULL, sku TEXT NOT NULL, user_id TEXT, PRIMARY KEY (order_id, sku)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS bought_by_sku ON bought (sku, order_id);
CREATE INDEX IF NOT EXISTS bought_by_user ON bought (user_id, sku) WHERE user_id IS NOT NULL;
CREATE TABLE IF NOT EXISTS cancelled (order_id TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS inbox (
    subscription TEXT NOT NULL, generation INTEGER NOT NULL, event_id TEXT NOT NULL,
    delivery_id TEXT NOT NULL UNIQUE, envelope TEXT NOT NULL,
    PRIMARY KEY (subscription, generation, event_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS inbox_by_event ON inbox (event_id DESC, delivery_id DESC);
"""


class Store:
    """One SQLite file. What is written is there after a crash."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")
        self._database.executescript(_TABLES)
        self._lock = threading.Lock()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of it, or none: committed when the block ends, undone when it breaks."""
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def rows(self, sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._database.execute(sql, values).fetchall()

    def close(self) -> None:
        with self._lock:
            self._database.close()
