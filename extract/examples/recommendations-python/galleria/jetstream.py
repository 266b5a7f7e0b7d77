"""Events over JetStream: what producers sent is stored, confirmed to them, and only then acknowledged to the broker."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import TimeoutError as Nothing
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DiscardPolicy, RetentionPolicy, StreamConfig
from nats.js.errors import NotFoundError

from .calls import LONGEST, Call, Served, new_head
from .documents import Contract, Method, parse, write
from .failures import Failure, Unanswered
from .tokens import issue

AT_ONCE = 16
WAIT = 1.0
CHECK = 30.0
BUDGET = 10.0

log = logging.getLogger("galleria")


@dataclass(frozen=True)
class Subscription:
    """What a module listens to."""

    name: str
    event: str

    @property
    def subscriber(self) -> str:
        return self.name.split(".")[0]

    @property
    def producer(self) -> str:
        return self.event.split(".")[0]


class Listener:
    """Takes what was sent to one subscription. Instances of the module share the work."""

    def __init__(
        self, client: Client, prefix: str, served: Served, ops: Contract, subscription: Subscription
    ) -> None:
        self.client, self.prefix, self.subscription = client, prefix, subscription
        self.stream: JetStreamContext = client.jetstream(timeout=5)
        self.keys, self.ops = served.doorkeeper.keys, ops
        self.offer: Callable[[Call, Any], Any] = served.contracts[ops.address][1]["offer"]

    async def run(self, stop: asyncio.Event) -> None:
        """Listens until it is told to stop. Whatever fails is tried again."""
        pause = 0.1
        while not stop.is_set():
            try:
                await self._listen(stop)
                pause = 0.1
            except Exception as error:  # a broker fails in many ways, and comes back
                log.warning("%s can't listen, tries again: %r", self.subscription.name, error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)

    async def _listen(self, stop: asyncio.Event) -> None:
        """Sees to it that stream and consumer are there, and takes from them for a while."""
        name = f"{self.prefix}-events-{self.subscription.subscriber}"
        subject = f"{self.prefix}.events.{self.subscription.name}"
        await self._ensure(name)
        durable = self.subscription.name.split(".", 1)[1].replace(".", "_")
        config = ConsumerConfig(
            durable_name=durable, filter_subject=subject, ack_policy=AckPolicy.EXPLICIT,
            ack_wait=30, max_ack_pending=256,
        )
        await self.stream.add_consumer(name, config)
        asked = await self.stream.pull_subscribe_bind(durable=durable, stream=name)
        until = time.monotonic() + CHECK
        try:
            while not stop.is_set() and time.monotonic() < until:
                try:
                    messages = await asked.fetch(AT_ONCE, timeout=WAIT)
                except Nothing:
                    continue
                for message in messages:
                    await self._settle(message)
        finally:
            await asked.unsubscribe()

    async def _ensure(self, name: str) -> None:
        try:
            await self.stream.stream_info(name)
        except NotFoundError:
            await self.stream.add_stream(StreamConfig(
                name=name, description="events on their way; the record is the producer's outbox",
                subjects=[f"{self.prefix}.events.{self.subscription.subscriber}.>"],
                retention=RetentionPolicy.WORK_QUEUE, discard=DiscardPolicy.NEW,
                max_age=120, max_bytes=64 * 1024 * 1024, num_replicas=1,
            ))

    async def _settle(self, message: Msg) -> None:
        try:
            offered = self.ops.methods["offer"].read(message.data)
            if any(delivery["subscription"] != self.subscription.name for delivery in offered["deliveries"]):
                raise Failure("mismatch", "it is for another subscription")
        except Unanswered as error:
            log.error("a message for %s is no offer: %s", self.subscription.name, error)
            return await message.term()
        principal = {"kind": "system", "module": self.subscription.producer}
        call = Call(self.subscription.producer, principal, None, time.monotonic() + BUDGET)
        try:
            await asyncio.to_thread(self.offer, call, offered)
            await self._confirm([delivery["id"] for delivery in offered["deliveries"]])
        except Exception as error:  # it comes again, from the broker or from its producer
            log.warning("events for %s could not be stored or confirmed: %r", self.subscription.name, error)
            return await message.nak(delay=1)
        return await message.ack()

    async def _confirm(self, deliveries: list[str]) -> None:
        target = (f"{self.subscription.producer}-ops.v1", self.ops.methods["confirm"])
        await self._call(target, {"deliveries": deliveries})

    async def _call(self, target: tuple[str, Method], message: Any) -> Any:
        """Calls a method of another module once. A callee that is at work says so; one that is silent is lost."""
        address, method = target
        head, body = new_head(self.subscription.subscriber, BUDGET), write(message)
        headers = {name: value.decode() for name, value in head.items()}
        headers["authorization"] = f"Bearer {issue(self.keys, (address, method.name), head, body)}"
        inbox, until = self.client.new_inbox(), time.monotonic() + min(BUDGET, LONGEST)
        answers = await self.client.subscribe(inbox)
        try:
            await self.client.publish(f"{self.prefix}.rpc.{address}.{method.name}", body, inbox, headers)
            while True:
                answer = await answers.next_msg(timeout=max(until - time.monotonic(), 0.001))
                if not (answer.headers or {}).get("x-stream-sequence"):
                    break
        finally:
            await answers.unsubscribe()
        if (answer.headers or {}).get("Status") == "503" or "Nats-Service-Error" in (answer.headers or {}):
            raise Failure("unavailable", f"{address} refused: {answer.data.decode(errors='replace')}")
        return parse(answer.data)
