"""The platform's contract `ops`, as far as it has something to say of a module that tells no events and runs no sagas."""

import json
import sqlite3
from pathlib import Path
from typing import Any

from galleria.calls import Answer, Call
from galleria.documents import Contract, Schema, event
from galleria.failures import Refusal, unexecuted

from .events import SUBSCRIPTIONS
from .store import Store

MOST = 100
_STORED = "SELECT delivery_id, subscription, generation, envelope FROM inbox"


class Ops:
    """Takes offers of events, and tells operators what was taken."""

    def __init__(self, store: Store, contracts: Path) -> None:
        self.store = store
        self.schemas: dict[str, Schema] = {name: event(contracts, name) for name, _ in SUBSCRIPTIONS.values()}

    def answers(self, contract: Contract) -> dict[str, Answer]:
        """What answers each method of the contract's document."""
        known: dict[str, Answer] = {
            "health": self.health,
            "offer": self.offer,
            "deliveries": self.deliveries,
            "delivery": self.delivery,
            # Everything that is stored was handled with it, so there is nothing to retry or skip.
            "retry": lambda call, request: self.delivery(call, request)["delivery"],
            "skip": lambda call, request: self.delivery(call, request)["delivery"],
            "replay": _no_subscription,
            "unsubscribe": _no_subscription,
            "confirm": _confirm,
            "sagas": _operators({"items": [], "next": None}),
            "audit": self.audit,
            "facts": _operators([]),
        }
        return {name: answer for name, answer in known.items() if name in contract.methods}

    def health(self, call: Call, _: Any) -> dict[str, Any]:
        call.require_operator()
        try:
            self.store.rows("SELECT 1", {})
        except sqlite3.Error as error:
            return {"ready": False, "detail": str(error)}
        return {"ready": True, "detail": None}

    def offer(self, call: Call, request: dict[str, Any]) -> None:
        """Stores and handles all of the deliveries, or none."""
        call.require_system()
        for delivery in request["deliveries"]:
            self._check(call, delivery)
        with self.store.transaction() as transaction:
            for delivery in request["deliveries"]:
                _take(transaction, delivery)

    def _check(self, call: Call, delivery: dict[str, Any]) -> None:
        envelope = delivery["envelope"]
        if delivery["subscription"] not in SUBSCRIPTIONS:
            raise Refusal("unknown-subscription", "no such subscription")
        if envelope["type"].split(".")[0] != call.caller:
            raise unexecuted("denied", f"{call.caller} tells {envelope['type']}, an event of another module")
        expected, _ = SUBSCRIPTIONS[delivery["subscription"]]
        if envelope["type"] != expected:
            raise unexecuted("mismatch", f"{delivery['subscription']} is of {expected}")
        problem = self.schemas[expected].problem(envelope["data"])
        if problem is not None:
            raise unexecuted("mismatch", f"{expected}: {problem}")

    def deliveries(self, call: Call, request: dict[str, Any]) -> dict[str, Any]:
        call.require_operator()
        page, state = request["page"], request.get("state")
        limit = min(max(page["limit"], 1), MOST)
        after = _cursor(page.get("cursor"))
        if state not in (None, "done"):
            return {"items": [], "next": None}
        values = {"event": after[0], "id": after[1], "subscription": request.get("subscription")}
        rows = self.store.rows(
            f"{_STORED} WHERE (:event IS NULL OR (event_id, delivery_id) < (:event, :id))"
            " AND (:subscription IS NULL OR subscription = :subscription)"
            f" ORDER BY event_id DESC, delivery_id DESC LIMIT {limit + 1}",
            values,
        )
        items = [_summary(row) for row in rows[:limit]]
        more = len(rows) > limit
        return {"items": items, "next": f"{items[-1]['event_id']}.{items[-1]['id']}" if more else None}

    def delivery(self, call: Call, request: dict[str, Any]) -> dict[str, Any]:
        call.require_operator()
        rows = self.store.rows(f"{_STORED} WHERE delivery_id = :id", {"id": request["delivery"].lower()})
        if not rows:
            raise Refusal("not-found", "no such delivery")
        return {"delivery": _summary(rows[0]), "envelope": json.loads(rows[0][3])}

    def audit(self, call: Call, _: Any) -> list[str]:
        """What does not add up: orders that no stored event told of."""
        call.require_operator()
        told = "SELECT json_extract(envelope, '$.data.order_id') FROM inbox"
        rows = self.store.rows(f"SELECT DISTINCT order_id FROM bought WHERE order_id NOT IN ({told})", {})
        return [f"order {order} is counted, and no event told of it" for (order,) in rows]


def _take(transaction: sqlite3.Connection, delivery: dict[str, Any]) -> None:
    envelope = delivery["envelope"]
    kept = {**envelope, "data": {name: value for name, value in envelope["data"].items() if name != "personal"}}
    stored = transaction.execute(
        "INSERT INTO inbox (subscription, generation, event_id, delivery_id, envelope) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (subscription, generation, event_id) DO NOTHING",
        (
            delivery["subscription"], delivery["generation"], envelope["id"].lower(),
            delivery["id"].lower(), json.dumps(kept, separators=(",", ":"), ensure_ascii=False),
        ),
    )
    if stored.rowcount == 1:
        SUBSCRIPTIONS[delivery["subscription"]][1](transaction, envelope["data"])


def _summary(row: tuple[Any, ...]) -> dict[str, Any]:
    identity, subscription, generation, text = row
    envelope = json.loads(text)
    return {
        "id": identity, "subscription": subscription, "generation": generation,
        "event_id": envelope["id"], "event": envelope["type"], "key": envelope["subject"],
        "sequence": envelope["sequence"], "state": "done", "attempts": 0, "cause": None,
        "occurred_at": envelope["time"],
    }


def _cursor(cursor: str | None) -> tuple[str | None, str | None]:
    if cursor is None:
        return None, None
    event_id, separator, delivery = cursor.partition(".")
    if not separator:
        raise Refusal("unknown-cursor", "not a cursor of this list")
    return event_id, delivery


def _no_subscription(call: Call, _: Any) -> None:
    call.require_operator()
    raise Refusal("unknown-subscription", "no such subscription")


def _confirm(call: Call, _: Any) -> dict[str, Any]:
    call.require_system()
    return {"confirmed": 0}


def _operators(answer: Any) -> Answer:
    def told(call: Call, _: Any) -> Any:
        call.require_operator()
        return answer

    return told
