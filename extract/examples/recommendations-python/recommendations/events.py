"""What the module listens to. Each handler may run twice, and is undone with its delivery if that is not stored."""

import sqlite3
from collections.abc import Callable
from typing import Any

Handler = Callable[[sqlite3.Connection, dict[str, Any]], None]


def count_order_confirmed(transaction: sqlite3.Connection, event: dict[str, Any]) -> None:
    lines = [(event["order_id"], line["sku"], event.get("user_id")) for line in event["lines"]]
    transaction.executemany("INSERT OR IGNORE INTO bought (order_id, sku, user_id) VALUES (?, ?, ?)", lines)


def forget_order_cancelled(transaction: sqlite3.Connection, event: dict[str, Any]) -> None:
    # It may come before the order: the two are told to different subscriptions.
    transaction.execute("INSERT OR IGNORE INTO cancelled (order_id) VALUES (?)", (event["order_id"],))


# By the names of the subscriptions, each with the event that it is told.
SUBSCRIPTIONS: dict[str, tuple[str, Handler]] = {
    "recommendations.count-order-confirmed": ("orders.order-confirmed.v1", count_order_confirmed),
    "recommendations.forget-order-cancelled": ("orders.order-cancelled.v1", forget_order_cancelled),
}
