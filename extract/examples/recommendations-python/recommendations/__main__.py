"""`python3 -m recommendations serve …` serves the module, `call …` calls a method of another one."""

import argparse
import base64
import json
import logging
import signal
import sys
import threading
from pathlib import Path

from galleria.calls import Served
from galleria.documents import Contract, component
from galleria.failures import Failure
from galleria.http import Listener, call
from galleria.tokens import Doorkeeper, Keys

from .answers import answers
from .events import SUBSCRIPTIONS
from .ops import Ops
from .store import Store

MODULE = "recommendations"


def peer(text: str) -> tuple[str, bytes]:
    """`orders=<public key, 32 bytes in base64>`."""
    module, separator, key = text.partition("=")
    raw = base64.b64decode(key, validate=True) if separator else b""
    if len(raw) != 32:
        raise argparse.ArgumentTypeError("must be <module>=<32 bytes in base64>")
    return module, raw


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=MODULE, description=__doc__)
    parser.add_argument("--contracts", type=Path, required=True, help="the directory of the committed documents")
    parser.add_argument("--data", type=Path, required=True, help="where the module keeps its database and key")
    parser.add_argument("--peer", type=peer, action="append", default=[], help="whose key may speak as which module")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serves the module until it is told to stop")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=9091, help="0 for any that is free")
    serve.add_argument("--nats", help="also over this broker, such as nats://127.0.0.1:4222")
    serve.add_argument("--nats-prefix", default="galleria", help="what the subjects of the shop begin with")
    made = commands.add_parser("call", help="calls a method of another module once")
    made.add_argument("url")
    made.add_argument("contract", help="whose document to go by, such as inventory.v1")
    made.add_argument("method")
    made.add_argument("message", help="as JSON")
    commands.add_parser("key", help="prints the public key, which peers must know")
    return parser.parse_args()


def served(contracts: Path, keys: Keys, store: Store) -> Served:
    """Everything that the module serves."""
    served = Served(Doorkeeper(keys), component(contracts, "Principal"))
    served.serve(Contract.load(contracts, f"{MODULE}.v1.json"), answers(store))
    ops = Contract.load(contracts, "ops.v1.json", f"{MODULE}-ops.v1")
    served.serve(ops, Ops(store, contracts).answers(ops))
    return served


def serve(given: argparse.Namespace, keys: Keys) -> None:
    store = Store(given.data / f"{MODULE}.db")
    contracts = served(given.contracts, keys, store)
    listener = Listener((given.host, given.port), contracts)
    closing = [listener.close]
    if given.nats is not None:
        # Whoever serves over HTTP alone needs no client of NATS.
        from galleria.jetstream import Subscription
        from galleria.nats import Server

        ops, _ = contracts.contracts[f"{MODULE}-ops.v1"]
        listened = [Subscription(name, event) for name, (event, _) in SUBSCRIPTIONS.items()]
        server = Server(given.nats, given.nats_prefix, contracts, ops, listened)
        server.start()
        closing.insert(0, server.close)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    print(json.dumps({"http": listener.server_address[1], "key": keys.public()}), flush=True)
    stop.wait()
    for close in closing:
        close()
    store.close()


def main() -> int:
    given = arguments()
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(message)s")
    given.data.mkdir(parents=True, exist_ok=True)
    keys = Keys.load(given.data / "service.key", given.peer)
    match given.command:
        case "serve":
            serve(given, keys)
        case "key":
            print(keys.public())
        case "call":
            contract = Contract.load(given.contracts, f"{given.contract}.json")
            target = (contract.address, contract.methods[given.method])
            try:
                print(json.dumps(call(given.url, keys, MODULE, target, json.loads(given.message))))
            except Failure as failure:
                print(failure, file=sys.stderr)
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
