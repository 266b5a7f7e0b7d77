"""Service tokens: who speaks, and for which one attempt of which call."""

import base64
import binascii
import hashlib
import json
import os
import struct
import threading
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding, NoEncryption, PrivateFormat, PublicFormat, load_der_private_key,
)

from .failures import unexecuted

LIFE = 60
LEEWAY = 5
MOST_REMEMBERED = 650_000


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    decoded = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _encoded(decoded) != text:
        raise ValueError("not base64url")
    return decoded


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_id(key: Ed25519PublicKey) -> str:
    return _encoded(hashlib.sha256(_raw(key)).digest()[:9])


def digest(head: "Mapping[str, bytes]", body: bytes) -> str:
    """What the token binds: principal, caller, key, deadline and body."""
    key = head.get("idempotency-key")
    parts = [
        head["x-call-principal"],
        head["x-call-caller"],
        b"\0" if key is None else b"\1",
        key or b"",
        struct.pack(">Q", int(head["x-call-deadline-ms"])),
        body,
    ]
    return _encoded(hashlib.sha256(b"".join(struct.pack(">Q", len(part)) + part for part in parts)).digest())


class Keys:
    """As whom this process speaks, and whose keys may speak as whom to it."""

    def __init__(self, own: Ed25519PrivateKey, peers: list[tuple[str, bytes]]) -> None:
        self.own, self.own_id = own, key_id(own.public_key())
        self.known = [(self.own_id, None, own.public_key())]
        for module, raw in peers:
            key = Ed25519PublicKey.from_public_bytes(raw)
            self.known.append((key_id(key), module, key))

    @classmethod
    def load(cls, path: Path, peers: list[tuple[str, bytes]]) -> "Keys":
        """Takes the key of a file, PKCS #8 in base64. One that is not there is made."""
        try:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(file, "wb") as made:
                der = Ed25519PrivateKey.generate().private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
                made.write(base64.b64encode(der) + b"\n")
        own = load_der_private_key(base64.b64decode(path.read_text()), None)
        if not isinstance(own, Ed25519PrivateKey):
            raise ValueError(f"{path} is no Ed25519 key")
        return cls(own, peers)

    def public(self) -> str:
        """The public half, as the settings of peers have it."""
        return base64.b64encode(_raw(self.own.public_key())).decode()

    def find(self, identity: object, module: str) -> Ed25519PublicKey | None:
        for known, speaks_as, key in self.known:
            if known == identity and speaks_as in (None, module):
                return key
        return None


def issue(keys: Keys, target: tuple[str, str], head: Mapping[str, bytes], body: bytes) -> str:
    """Signs an attempt of a call."""
    now = int(time.time())
    claims = {
        "iss": head["x-call-caller"].decode(),
        "contract": target[0],
        "method": target[1],
        "digest": digest(head, body),
        "call": head["x-call-id"].decode(),
        "attempt": int(head["x-call-attempt"]),
        "iat": now,
        "exp": now + LIFE,
    }
    header = {"typ": "JWT", "alg": "EdDSA", "kid": keys.own_id}
    parts = (_encoded(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))
    signed = ".".join(parts)
    return f"{signed}.{_encoded(keys.own.sign(signed.encode()))}"


class Doorkeeper:
    """Accepts each token once, for the attempt that it was made for."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        self._seen: set[tuple[str, int]] = set()
        self._by_end: deque[tuple[int, tuple[str, int]]] = deque()
        self._lock = threading.Lock()

    def admit(self, token: str, target: tuple[str, str], head: Mapping[str, bytes], body: bytes) -> None:
        """Refuses whatever is not right. Callers are told no more than that."""
        try:
            claims = self._signed(token, head["x-call-caller"].decode())
            fresh = self._is_fresh(claims)
            attempt = (str(claims["call"]), int(claims["attempt"]))
            meant = (
                (claims["contract"], claims["method"]) == target
                and attempt == (head["x-call-id"].decode(), int(head["x-call-attempt"]))
                and claims["digest"] == digest(head, body)
            )
        except (ValueError, KeyError, TypeError, InvalidSignature, binascii.Error) as error:
            raise unexecuted("denied", f"the token is forged: {error!r}") from error
        if not fresh:
            raise unexecuted("denied", "the token is not of this minute")
        if not meant:
            raise unexecuted("denied", "the token was made for another call")
        self._note(attempt, claims["exp"] + LEEWAY)

    def _signed(self, token: str, caller: str) -> dict[str, Any]:
        signed, signature = token.rsplit(".", 1)
        first, second = signed.split(".")
        header, claims = json.loads(_decoded(first)), json.loads(_decoded(second))
        key = self.keys.find(header["kid"], caller)
        if header["alg"] != "EdDSA" or key is None or claims["iss"] != caller:
            raise ValueError("nobody known signed it")
        key.verify(_decoded(signature), signed.encode())
        return claims

    @staticmethod
    def _is_fresh(claims: dict[str, Any]) -> bool:
        now, issued, end = int(time.time()), claims["iat"], claims["exp"]
        return issued <= now + LEEWAY and end > now - LEEWAY and end - issued <= LIFE

    def _note(self, attempt: tuple[str, int], end: int) -> None:
        with self._lock:
            while self._by_end and self._by_end[0][0] < int(time.time()):
                self._seen.discard(self._by_end.popleft()[1])
            if len(self._seen) >= MOST_REMEMBERED:
                raise unexecuted("overloaded", "too many calls in a minute")
            if attempt in self._seen:
                raise unexecuted("denied", "the token was shown before")
            self._seen.add(attempt)
            self._by_end.append((end, attempt))
