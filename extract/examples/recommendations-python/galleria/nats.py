"""Contracts over NATS: the same calls, with subjects in place of paths."""

import asyncio
import logging
import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error, MaxPayloadError

from .calls import LARGEST, Head, Served, told
from .documents import Contract, write
from .failures import Failure, unexecuted
from .jetstream import Listener, Subscription

ALIVE = b'{"alive":true}\n'
HEARTBEAT = 1.0
MOST_WAITING = 1024

log = logging.getLogger("galleria")


class Service:
    """A contract as the NATS service protocol tells of it: who serves it, and how much was done."""

    def __init__(self, contract: Contract, prefix: str) -> None:
        self.contract, self.id = contract, secrets.token_hex(11)
        self.name = contract.address.split(".")[0]
        self.module = self.name.removesuffix("-ops")
        self.prefix, self.started = prefix, datetime.now(UTC).isoformat().replace("+00:00", "Z")
        self.counts = {name: [0, 0, 0, ""] for name in contract.methods}

    def subject(self, method: str) -> str:
        return f"{self.prefix}.rpc.{self.contract.address}.{method}"

    def note(self, method: str, began: float, problem: str) -> None:
        if method in self.counts:
            count = self.counts[method]
            count[0] += 1
            count[1] += 1 if problem else 0
            count[2] += int((time.monotonic() - began) * 1e9)
            count[3] = problem or count[3]

    def say(self, verb: str) -> dict[str, Any] | None:
        introduction = self.contract.introduction()
        common = {
            "name": self.name,
            "id": self.id,
            "version": f"{self.contract.version}.0.0",
            "metadata": {
                "contract": self.contract.name,
                "module": self.module,
                "fingerprint": introduction["fingerprint"],
            },
        }
        match verb:
            case "PING":
                return common | {"type": "io.nats.micro.v1.ping_response"}
            case "INFO":
                endpoints = [self._endpoint(name) for name in self.contract.methods]
                return common | {
                    "type": "io.nats.micro.v1.info_response", "description": "", "endpoints": endpoints,
                }
            case "STATS":
                endpoints = [self._endpoint(name) | self._stats(name) for name in self.contract.methods]
                return common | {
                    "type": "io.nats.micro.v1.stats_response", "started": self.started, "endpoints": endpoints,
                }
        return None

    def _endpoint(self, name: str) -> dict[str, Any]:
        method = self.contract.methods[name]
        metadata = {"effect": method.effect, "stream": "true" if method.stream else "false"}
        return {
            "name": name, "subject": self.subject(name), "queue_group": self.module, "metadata": metadata,
        }

    def _stats(self, name: str) -> dict[str, Any]:
        requests, errors, spent, last = self.counts[name]
        return {
            "num_requests": requests, "num_errors": errors, "last_error": last,
            "processing_time": spent, "average_processing_time": spent // max(requests, 1),
        }


class Server:
    """Serves what is served over a broker, from a thread of its own."""

    def __init__(
        self, url: str, prefix: str, served: Served, ops: Contract, subscriptions: list[Subscription]
    ) -> None:
        self.url, self.prefix, self.served = url, prefix, served
        self.ops, self.subscriptions = ops, subscriptions
        self.services = {
            address: Service(contract, prefix) for address, (contract, _) in served.contracts.items()
        }
        self._pool = ThreadPoolExecutor(max_workers=32, thread_name_prefix="nats-call")
        self._reads: dict[str, asyncio.Task[bytes]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._run(),))

    def start(self) -> None:
        """Waits until calls come in. A broker that is not there yet is awaited."""
        self._thread.start()
        self._ready.wait()

    def close(self) -> None:
        """Takes no more calls, and waits for those that are at work."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    async def _run(self) -> None:
        client = await nats.connect(
            self.url, max_reconnect_attempts=-1, allow_reconnect=True, reconnect_time_wait=0.5,
            pending_size=64 * 1024 * 1024, name="recommendations-python",
        )
        for service in self.services.values():
            await self._subscribe(client, service)
        await client.flush()
        listeners = [
            asyncio.create_task(Listener(client, self.prefix, self.served, self.ops, subscription).run(self._stop))
            for subscription in self.subscriptions
        ]
        self._ready.set()
        await self._stop.wait()
        await asyncio.gather(*listeners)
        for subscription in list(client._subs.values()):
            await subscription.drain()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=10)
        await client.drain()
        self._pool.shutdown()

    async def _subscribe(self, client: Client, service: Service) -> None:
        address = service.contract.address

        async def call(message: Msg) -> None:
            head_came = time.monotonic()
            task = asyncio.create_task(self._take(client, service, message, head_came))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        async def cancel(message: Msg) -> None:
            reading = self._reads.get(message.data.decode(errors="replace"))
            if reading is not None:
                reading.cancel()

        async def introduce(message: Msg) -> None:
            if message.reply:
                await client.publish(message.reply, write(service.contract.introduction()))

        async def announce(message: Msg) -> None:
            said = service.say(message.subject.split(".")[1])
            if said is not None and message.reply:
                await client.publish(message.reply, write(said))

        await client.subscribe(service.subject("*"), queue=service.module, cb=call)
        await client.subscribe(f"{self.prefix}.cancel.{address}", cb=cancel)
        await client.subscribe(f"{self.prefix}.contracts.{address}", queue=service.module, cb=introduce)
        for subject in ("$SRV.*", f"$SRV.*.{service.name}", f"$SRV.*.{service.name}.{service.id}"):
            await client.subscribe(subject, cb=announce)

    async def _take(self, client: Client, service: Service, message: Msg, began: float) -> None:
        if not message.reply:
            return  # a message that nobody waits for is none
        method = message.subject.rsplit(".", 1)[-1]
        target, problem = (service.contract.address, method), ""
        try:
            answer = await self._answered(client, service, message, target)
            await client.publish(message.reply, answer)
        except asyncio.CancelledError:
            return  # its caller went away
        except MaxPayloadError:
            problem = await self._refuse(client, message, target, Failure("too-large", "the answer is too large"))
        except Exception as error:  # whatever it is, the caller is told
            problem = await self._refuse(client, message, target, error)
        service.note(method, began, problem)

    async def _answered(
        self, client: Client, service: Service, message: Msg, target: tuple[str, str]
    ) -> bytes:
        """Answers a call, and says again and again that it is at work."""
        headers = {name: _sent(value) for name, value in (message.headers or {}).items()}
        head = self.served.head(headers)
        if len(message.data) > LARGEST:
            raise unexecuted("too-large", f"it is larger than {LARGEST} bytes")
        if len(self._tasks) > MOST_WAITING:
            raise unexecuted("overloaded", "too many calls at once")
        token = headers.get("authorization", b"").decode(errors="replace")
        token = token.removeprefix("Bearer ") if token.startswith("Bearer ") else ""
        answering = asyncio.ensure_future(
            self._loop.run_in_executor(self._pool, self.served.answer, target, token, head, message.data)
        )
        known = service.contract.methods.get(target[1])
        if known is not None and known.effect == "read":
            self._reads[message.reply] = answering
        try:
            while not (await asyncio.wait({answering}, timeout=HEARTBEAT))[0]:
                await client.publish(message.reply, ALIVE, headers={"x-stream-sequence": "0"})
            return answering.result()
        finally:
            self._reads.pop(message.reply, None)

    async def _refuse(self, client: Client, message: Msg, target: tuple[str, str], error: Exception) -> str:
        status, problem, title = told(target, error)
        headers = {"Nats-Service-Error": title.replace("\r", " ").replace("\n", " ")}
        headers["Nats-Service-Error-Code"] = str(status)
        try:
            await client.publish(message.reply, problem, headers=headers)
        except Error as lost:
            log.warning("%s %s could not be answered: %s", *target, lost)
        return title


def _sent(value: str) -> bytes:
    """The bytes of a header as they came."""
    return value.encode("utf-8", "surrogateescape")
