"""How a call ends that is not answered: a refusal of its method, or a failure."""

from typing import Any

# By kind: the status, and the words.
FAILURES = {
    "unavailable": (503, "not reachable"),
    "deadline": (504, "deadline exceeded"),
    "overloaded": (503, "overloaded"),
    "denied": (401, "call denied"),
    "mismatch": (400, "versions do not match"),
    "too-large": (413, "message too large"),
    "panicked": (500, "panicked"),
    "internal": (500, "internal error"),
}
STATUS_OF_REFUSAL = {
    "not-found": 404, "conflict": 409, "invalid": 422, "declined": 402,
    "unauthenticated": 401, "forbidden": 403, "stale": 412, "too-many": 429,
}


class Unanswered(Exception):
    """A call that brings a problem document instead of an answer."""

    def problem(self) -> dict[str, Any]:
        raise NotImplementedError


class Failure(Unanswered):
    """Something that no caller can act on but by trying again. Its cause stays in the log."""

    def __init__(self, kind: str, cause: str, executed: str = "unknown") -> None:
        super().__init__(cause)
        self.kind, self.executed = kind, executed

    def problem(self) -> dict[str, Any]:
        status, title = FAILURES[self.kind]
        return {
            "type": f"urn:galleria:failure:{self.kind}",
            "title": title,
            "status": status,
            "failure": {"kind": self.kind, "executed": self.executed},
        }


def unexecuted(kind: str, cause: str) -> Failure:
    """A failure before anything was done."""
    return Failure(kind, cause, executed="no")


class Refusal(Unanswered):
    """A method's own "no": a code of its contract, and the fields of that code."""

    def __init__(self, code: str, title: str, **fields: Any) -> None:
        super().__init__(title)
        self.code, self.title, self.fields = code, title, fields
        self.kind = "conflict"

    def body(self) -> dict[str, Any]:
        return {"code": self.code, **self.fields}

    def problem(self) -> dict[str, Any]:
        return {
            "type": f"urn:galleria:refusal:{self.code}",
            "title": self.title,
            "status": STATUS_OF_REFUSAL.get(self.kind, 409),
            "code": self.code,
            "refusal": self.body(),
        }
