#!/usr/bin/env bash
# Makes the settings of the three processes of deploy/compose.yaml, each with a service key of its own.
# Needs openssl. Calling it again makes new keys; all three processes must then be started again.
set -euo pipefail
umask 077
cd "$(dirname "$0")"
mkdir -p keys

private() { openssl genpkey -algorithm ed25519 -outform DER 2>/dev/null | base64 -w0; }
public() { base64 -d <<<"$1" | openssl pkey -inform DER -pubout -outform DER | tail -c 32 | base64 -w0; }

shop_modules=(gateway cli users catalog carts orders shipping)
gateway=$(private) inventory=$(private) payments=$(private)

peers() { # key module...
    local key=$1 module
    shift
    for module in "$@"; do printf '\n[[service.peers]]\nmodule = "%s"\nkey = "%s"\n' "$module" "$key"; done
}

settings() { # private key
    cat <<END
[database]
url = "postgres://postgres:galleria@postgres:5432/shop"
directory = "/data"

[nats]
url = "nats://nats:4222"

[service]
key = "$1"
END
}

placed() { for module in "$@"; do printf '\n[modules.%s]\nplacement = "nats"\n' "$module"; done; }

{ settings "$gateway"; peers "$(public "$inventory")" inventory; peers "$(public "$payments")" payments
  placed inventory payments; } >keys/gateway.toml
{ settings "$inventory"; peers "$(public "$gateway")" "${shop_modules[@]}"; peers "$(public "$payments")" payments
  placed users catalog carts orders shipping payments; } >keys/inventory.toml
{ settings "$payments"; peers "$(public "$gateway")" "${shop_modules[@]}"; peers "$(public "$inventory")" inventory
  placed users catalog carts orders shipping inventory; } >keys/payments.toml
# The processes run as this user and may read nothing else of ours.
chmod 644 keys/*.toml
echo "wrote $(pwd)/keys"
