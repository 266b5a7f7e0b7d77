"""The contract `recommendations`."""

import json
from typing import Any

from galleria.calls import Answer, Call
from galleria.failures import Refusal

from .store import Store

MOST_SKUS = 1000
MOST_TOLD = 100

# SQLite compares text by its bytes, as the contract orders SKUs of the same number.
_RELATED = """
WITH named AS (SELECT value AS sku FROM json_each(:skus)),
    theirs AS (
        SELECT DISTINCT order_id FROM bought
        WHERE sku IN (SELECT sku FROM named) AND order_id NOT IN (SELECT order_id FROM cancelled)
    )
SELECT sku, count(*) AS orders FROM bought
WHERE order_id IN (SELECT order_id FROM theirs) AND sku NOT IN (SELECT sku FROM named)
GROUP BY sku ORDER BY orders DESC, sku LIMIT :limit
"""
_POPULAR = """
SELECT sku, count(*) AS orders FROM bought
WHERE order_id NOT IN (SELECT order_id FROM cancelled)
    AND (:among IS NULL OR sku IN (SELECT value FROM json_each(:among)))
GROUP BY sku ORDER BY orders DESC, sku LIMIT :limit
"""
_OF_BUYER = """
SELECT DISTINCT sku FROM bought
WHERE user_id = :user AND order_id NOT IN (SELECT order_id FROM cancelled)
"""


def answers(store: Store) -> dict[str, Answer]:
    """What answers each method."""

    def told(sql: str, request: dict[str, Any], **values: Any) -> list[dict[str, Any]]:
        rows = store.rows(sql, {"limit": min(request["limit"], MOST_TOLD), **values})
        return [{"sku": sku, "orders": orders} for sku, orders in rows]

    def related(_: Call, request: dict[str, Any]) -> list[dict[str, Any]]:
        return told(_RELATED, request, skus=_listed(request["skus"]))

    def popular(_: Call, request: dict[str, Any]) -> list[dict[str, Any]]:
        among = request.get("among")
        return told(_POPULAR, request, among=None if among is None else _listed(among))

    def for_buyer(call: Call, request: dict[str, Any]) -> list[dict[str, Any]]:
        user = request["user"].lower()
        is_theirs = call.principal["kind"] == "user" and call.principal["id"].lower() == user
        if not is_theirs and call.principal["kind"] not in ("staff", "admin", "system"):
            raise Refusal("unknown-buyer", "no such buyer")
        skus = [sku for (sku,) in store.rows(_OF_BUYER, {"user": user})]
        return told(_RELATED, request, skus=json.dumps(skus))

    return {"related": related, "popular": popular, "for_buyer": for_buyer}


def _listed(skus: list[str]) -> str:
    if len(skus) > MOST_SKUS:
        raise Refusal("too-many-skus", f"at most {MOST_SKUS} SKUs", most=MOST_SKUS)
    return json.dumps(skus)
