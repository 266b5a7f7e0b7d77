"""The committed documents: what may be said, and by whom it is read."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match
from jsonschema.validators import extend

from .failures import Failure, unexecuted

DEEPEST = 64

_formats = FormatChecker(formats=())


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _range(least: int, most: int) -> Callable[[object], bool]:
    return lambda value: not _is_whole(value) or least <= value <= most  # type: ignore[operator]


for bits in (8, 16, 32, 64):
    _formats.checks(f"uint{bits}")(_range(0, 2**bits - 1))
    _formats.checks(f"int{bits}")(_range(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1))


@_formats.checks("uuid", raises=ValueError)
def _is_uuid(value: object) -> bool:
    return not isinstance(value, str) or UUID(value) is not None


@_formats.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


# A whole number is one that is written so: 1.0 is none to other readers of these documents.
_Validator = extend(
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: _is_whole(value)),
)


@dataclass(frozen=True)
class Schema:
    """What a message may say."""

    validator: Any

    @classmethod
    def of(cls, schema: Any) -> "Schema":
        return cls(_Validator(schema, format_checker=_formats))

    def problem(self, message: object) -> str | None:
        """Why the message is none, and where; nothing if it is one."""
        error = best_match(self.validator.iter_errors(message))
        return None if error is None else f"{error.json_path}: {error.message[:200]}"


@dataclass(frozen=True)
class Method:
    """A method of a contract, as its document describes it."""

    name: str
    effect: str
    stream: bool
    request: Schema
    answer: Schema
    refusal: Schema
    kinds: dict[str, str]

    def read(self, body: bytes) -> Any:
        """The message of a call. One that does not fit is a mismatch, and nothing was executed."""
        message = parse(body)
        problem = self.request.problem(message)
        if problem is not None:
            raise unexecuted("mismatch", problem)
        return message

    def written(self, answer: object) -> bytes:
        """An answer, which must be what the document promises."""
        problem = self.answer.problem(answer)
        if problem is not None:
            raise Failure("internal", f"{self.name} answered what it must not: {problem}")
        return write(answer)


class Contract:
    """A contract by its committed document, served or called at an address."""

    def __init__(self, document: dict[str, Any], address: str | None = None) -> None:
        self.document = document
        self.name, self.version = document["contract"], document["version"]
        self.address = address or f"{self.name}.v{self.version}"
        self.methods = {name: _method(name, told) for name, told in document["methods"].items()}

    @classmethod
    def load(cls, contracts: Path, file: str, address: str | None = None) -> "Contract":
        return cls(json.loads((contracts / file).read_text(encoding="utf-8")), address)

    def introduction(self) -> dict[str, Any]:
        """What peers are told of it when they meet."""
        methods = self.document["methods"].items()
        return {
            "contract": self.name,
            "version": self.version,
            "fingerprint": _fingerprint(self.document),
            "methods": {name: _fingerprint({name: told}) for name, told in methods},
            "document": self.document,
        }


def _method(name: str, told: dict[str, Any]) -> Method:
    request, answer, refusal = (Schema.of(told[part]) for part in ("request", "answer", "refusal"))
    return Method(name, told["effect"], told["stream"], request, answer, refusal, told["codes"])


def component(contracts: Path, name: str) -> Schema:
    """A type that all contracts share, from the OpenAPI document."""
    openapi = json.loads((contracts / "openapi.json").read_text(encoding="utf-8"))
    schemas = {"schemas": openapi["components"]["schemas"]}
    return Schema.of({"$ref": f"#/components/schemas/{name}", "components": schemas})


def event(contracts: Path, name: str) -> Schema:
    """What an event says, from its document."""
    document = json.loads((contracts / "events" / f"{name}.json").read_text(encoding="utf-8"))
    return Schema.of(document["data"])


def _fingerprint(document: object) -> str:
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def write(value: object) -> bytes:
    """JSON as it goes over the wire."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def parse(body: bytes) -> Any:
    """JSON as it comes over the wire: UTF-8, not too deep, and nothing that JSON does not have."""
    if is_deeper(body, DEEPEST):
        raise unexecuted("mismatch", f"it is deeper than {DEEPEST}")
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
        write(value)  # half a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        raise unexecuted("mismatch", f"it is no JSON: {error}") from error
    return value


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


_TEXTS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\Z)', re.DOTALL)
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"[]{}")


def is_deeper(body: bytes, deepest: int) -> bool:
    """Whether arrays and objects lie deeper within each other. It looks at brackets alone, and reads no values."""
    depth = 0
    for bracket in _TEXTS.sub(b"", body).translate(None, _NO_BRACKETS):
        depth = depth + 1 if bracket in b"[{" else max(depth - 1, 0)
        if depth > deepest:
            return True
    return False
