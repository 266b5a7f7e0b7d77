"""Calls, whatever brings them: their head, who may make them, and how they are answered."""

import json
import logging
import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .documents import Contract, Method, Schema, parse, write
from .failures import Failure, Refusal, Unanswered, unexecuted
from .tokens import Doorkeeper

LARGEST = 8 * 1024 * 1024
LONGEST = 3600.0
HEADERS = (
    "x-call-id", "x-call-attempt", "x-call-deadline-ms", "x-call-caller", "x-call-principal",
    "idempotency-key", "traceparent",
)

log = logging.getLogger("galleria")


@dataclass(frozen=True)
class Call:
    """What a method knows besides its message."""

    caller: str
    principal: dict[str, Any]
    key: str | None
    deadline: float

    def remaining(self) -> float:
        return self.deadline - time.monotonic()

    def require_operator(self) -> None:
        if self.principal["kind"] not in ("system", "admin"):
            raise unexecuted("denied", "it is for operators and modules")

    def require_system(self) -> None:
        if self.principal["kind"] != "system":
            raise unexecuted("denied", "it is for modules")


class Head:
    """The headers of a call. What is missing or unreadable is a mismatch."""

    def __init__(self, headers: Mapping[str, bytes], principals: Schema) -> None:
        self.values = {name: headers[name] for name in HEADERS if name in headers}
        self.began = time.monotonic()
        for name in ("x-call-id", "x-call-caller", "x-call-principal"):
            self._text(name)
        self._number("x-call-attempt", 2**32)
        self._number("x-call-deadline-ms", 2**64)
        if re.fullmatch(rb"[!-~]{1,255}", self.values.get("idempotency-key", b"none")) is None:
            raise unreadable("idempotency-key")
        try:
            self.principal = parse(self.values["x-call-principal"])
        except Failure as failure:
            raise unreadable("x-call-principal") from failure
        if principals.problem(self.principal) is not None:
            raise unreadable("x-call-principal")

    def _text(self, name: str) -> None:
        try:
            self.values[name].decode("utf-8")
        except (KeyError, UnicodeDecodeError) as error:
            raise unreadable(name) from error

    def _number(self, name: str, end: int) -> None:
        text = self.values.get(name, b"")
        if re.fullmatch(rb"[0-9]{1,20}", text) is None or int(text) >= end:
            raise unreadable(name)

    def call(self) -> Call:
        budget = min(int(self.values["x-call-deadline-ms"]) / 1000, LONGEST)
        key = self.values.get("idempotency-key")
        caller = self.values["x-call-caller"].decode().split(".")[0]
        return Call(caller, self.principal, None if key is None else key.decode(), self.began + budget)


def unreadable(header: str) -> Failure:
    return unexecuted("mismatch", f"the header {header} is missing or unreadable")


def new_head(caller: str, budget: float, key: str | None = None) -> dict[str, bytes]:
    """The head of a call that a module is about to make on its own behalf."""
    principal = json.dumps({"kind": "system", "module": caller}, separators=(",", ":"))
    head = {
        "x-call-id": secrets.token_hex(16).encode(),
        "x-call-attempt": b"1",
        "x-call-deadline-ms": str(max(int(budget * 1000), 0)).encode(),
        "x-call-caller": caller.encode(),
        "x-call-principal": principal.encode(),
    }
    return head if key is None else head | {"idempotency-key": key.encode()}


Answer = Callable[[Call, Any], Any]


class Served:
    """The contracts of a process, each with what answers its methods."""

    def __init__(self, doorkeeper: Doorkeeper, principals: Schema, places: int = 64) -> None:
        self.doorkeeper, self.principals = doorkeeper, principals
        self.contracts: dict[str, tuple[Contract, dict[str, Answer]]] = {}
        self._places = threading.BoundedSemaphore(places)

    def serve(self, contract: Contract, answers: dict[str, Answer]) -> None:
        """Serves a contract. Every method of its document must have an answer."""
        missing = contract.methods.keys() - answers.keys()
        if missing:
            raise ValueError(f"{contract.address}: nothing answers {', '.join(sorted(missing))}")
        self.contracts[contract.address] = (contract, answers)

    def head(self, headers: Mapping[str, bytes]) -> Head:
        return Head(headers, self.principals)

    def introduction(self, address: str) -> dict[str, Any] | None:
        found = self.contracts.get(address)
        return found[0].introduction() if found else None

    def answer(self, target: tuple[str, str], token: str, head: Head, body: bytes) -> bytes:
        """Answers a call that somebody known makes, or raises why not."""
        self.doorkeeper.admit(token, target, head.values, body)
        method, answer = self._find(target)
        call = head.call()
        if call.remaining() <= 0:
            raise unexecuted("deadline", "no time is left")
        asked = method.read(body)
        if not self._places.acquire(blocking=False):
            raise unexecuted("overloaded", "too many calls at once")
        try:
            return method.written(answer(call, asked))
        except Refusal as refusal:
            refusal.kind = method.kinds.get(refusal.code, refusal.kind)
            problem = method.refusal.problem(refusal.body())
            if problem is not None:
                raise Failure("internal", f"{method.name} refused what it must not: {problem}") from refusal
            raise
        finally:
            self._places.release()

    def _find(self, target: tuple[str, str]) -> tuple[Method, Answer]:
        contract, answers = self.contracts.get(target[0], (None, {}))
        if contract is None or target[1] not in contract.methods:
            raise unexecuted("mismatch", f"{target[0]} does not serve {target[1]}")
        return contract.methods[target[1]], answers[target[1]]


def told(target: tuple[str, str], error: Exception) -> tuple[int, bytes, str]:
    """The status, problem document and title of what went wrong, which is logged once."""
    if not isinstance(error, Unanswered):
        log.error("%s %s broke", *target, exc_info=error)
        error = Failure("internal", repr(error))
    elif isinstance(error, Failure):
        log.warning("%s %s failed: %s: %s", *target, error.kind, error)
    problem = error.problem()
    return problem["status"], write(problem), problem["title"]
