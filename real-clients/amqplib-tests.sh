#!/usr/bin/env bash
# amqplib's own tests, of 0.10.3, the last release that carries them, against a running broker.
# Left out are the two that cannot be told an address: they want a broker at port 5672.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 2
out=$(URL="amqp://guest:guest@$AMQP" npx --no-install mocha --check-leaks --ui tdd --timeout 20000 --exit --reporter tap \
    --grep '^Connect API (serverProperties|using custom heartbeat option)$' --invert node_modules/amqplib-suite/test/*.js)
status=$?
sed -nE 's|^ok [0-9]+ |ok amqplib-tests/|p; s|^not ok [0-9]+ |FAIL amqplib-tests/|p' <<<"$out" | tr -d '\r'
grep -q '^# tests [1-9]' <<<"$out" || exit 2
[ $status -eq 0 ]
