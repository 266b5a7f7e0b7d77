"""Contracts over HTTP/1.1: what serves them, and what calls those of others."""

import http.client
import logging
import socket
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from .calls import LARGEST, Head, Served, new_head, told
from .documents import Method, parse, write
from .failures import Failure, unexecuted
from .tokens import Keys, issue

JSON = "application/json"
PROBLEM = "application/problem+json"

log = logging.getLogger("galleria")


class Listener(ThreadingHTTPServer):
    """Serves what is served, a thread a connection. What began is answered before it closes."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], served: Served) -> None:
        self.served, self.closing = served, threading.Event()
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(address, _Connection)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def close(self) -> None:
        """Takes no more calls, and waits for those that are at work."""
        self.closing.set()
        self.shutdown()
        with self._lock:
            for connection in self._connections:
                # Whoever waits for another call reads that none comes; answers are still written.
                connection.shutdown(socket.SHUT_RD)
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.debug("a connection ended early", exc_info=True)


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 60
    server: Listener

    def do_POST(self) -> None:
        target = self._target()
        try:
            head = self.server.served.head(self._headers())
            body = self._body(head)
            self._send(200, JSON, self.server.served.answer(target, self._token(), head, body))
        except (ConnectionError, TimeoutError):
            self.close_connection = True
        except Exception as error:  # whatever it is, the caller is told
            status, problem, _ = told(target, error)
            self._send(status, PROBLEM, problem)

    def do_GET(self) -> None:
        parts = self.path.split("/")
        introduction = None
        if len(parts) == 3 and parts[1] == "contracts":
            introduction = self.server.served.introduction(parts[2])
        if introduction is not None:
            return self._send(200, JSON, write(introduction))
        unknown = unexecuted("mismatch", f"{self.path} is not served here").problem()
        return self._send(404, PROBLEM, write(unknown | {"status": 404}))

    def _target(self) -> tuple[str, str]:
        parts = self.path.split("/")
        return (parts[2], parts[3]) if len(parts) == 4 and parts[1] == "rpc" else (self.path, "")

    def _headers(self) -> Mapping[str, bytes]:
        return {name.lower(): value.encode("latin-1") for name, value in self.headers.items()}

    def _token(self) -> str:
        value = self.headers.get("authorization", "")
        return value.removeprefix("Bearer ") if value.startswith("Bearer ") else ""

    def _body(self, head: Head) -> bytes:
        """Reads the body, whose time began with the head."""
        if "chunked" in self.headers.get("transfer-encoding", "").lower():
            chunks = iter(self._chunk, b"")
        else:
            length = self.headers.get("content-length", "0")
            if not length.isdecimal():
                self.close_connection = True
                raise unexecuted("mismatch", "it has no length")
            if int(length) > LARGEST:
                self._pour_out(int(length))
                raise unexecuted("too-large", f"it is larger than {LARGEST} bytes")
            chunks = self._parts(int(length))
        body, call = bytearray(), head.call()
        try:
            for chunk in chunks:
                self.connection.settimeout(max(min(call.remaining(), self.timeout), 0.001))
                body += chunk
                if len(body) > LARGEST:
                    self.close_connection = True
                    raise unexecuted("too-large", f"it is larger than {LARGEST} bytes")
        except TimeoutError as error:
            self.close_connection = True
            raise unexecuted("deadline", "its body did not come in time") from error
        finally:
            self.connection.settimeout(self.timeout)
        return bytes(body)

    def _parts(self, length: int) -> Any:
        while length > 0:
            part = self.rfile.read1(min(length, 65536))
            if not part:
                raise ConnectionError("the message was cut")
            length -= len(part)
            yield part

    def _chunk(self) -> bytes:
        size = int(self.rfile.readline(32).split(b";")[0], 16)
        if size > LARGEST:
            self.close_connection = True
            raise unexecuted("too-large", f"it is larger than {LARGEST} bytes")
        chunk = self.rfile.read(size)
        self.rfile.readline(8)
        return chunk

    def _pour_out(self, length: int) -> None:
        """Reads a few times as much, so that a caller who is still writing gets to read why it is refused."""
        self.close_connection = self.close_connection or length > 4 * LARGEST
        for _ in self._parts(min(length, 4 * LARGEST)):
            pass

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        if self.close_connection or self.server.closing.is_set():
            self.close_connection = True
            self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        log.debug(format, *args)


def call(
    url: str, keys: Keys, caller: str, target: tuple[str, Method], message: Any, budget: float = 10.0
) -> Any:
    """Calls a method of another process once, and gives its answer. A problem document is raised."""
    address, method = target
    body, until = write(message), time.monotonic() + budget
    head = new_head(caller, budget)
    token = issue(keys, (address, method.name), head, body)
    headers = {name: value.decode() for name, value in head.items()}
    headers |= {"content-type": JSON, "authorization": f"Bearer {token}"}
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=max(until - time.monotonic(), 0.001))
    try:
        connection.request("POST", f"/rpc/{address}/{method.name}", body, headers)
        answer = connection.getresponse()
        status, text = answer.status, answer.read()
    except ConnectionRefusedError as error:
        raise unexecuted("unavailable", f"{url} is not there") from error
    except OSError as error:
        raise Failure("unavailable", f"{url} did not answer: {error}") from error
    finally:
        connection.close()
    if status != 200:
        raise Failure("internal", f"{url} answered {status}: {text.decode(errors='replace')}")
    answered = parse(text)
    problem = method.answer.problem(answered)
    if problem is not None:
        raise Failure("mismatch", f"{url} answered what this version can't read: {problem}")
    return answered
