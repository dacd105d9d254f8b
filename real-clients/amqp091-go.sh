#!/usr/bin/env bash
# The tests of RabbitMQ's Go client, as Debian packages them, against a running broker. Only when it is named;
# says that it is skipped where the packages are not installed.
set -uo pipefail
sources=/usr/share/gocode
if ! command -v go >/dev/null || [ ! -d $sources/src/github.com/rabbitmq/amqp091-go ] ||
    [ ! -d $sources/src/go.uber.org/goleak ]; then
    echo "skipped amqp091-go/suite: wants golang-go, golang-github-rabbitmq-amqp091-go-dev and golang-uber-goleak-dev"
    exit 0
fi
out=$(AMQP_URL="amqp://guest:guest@$AMQP/" GOPATH="$WORK/go:$sources" GO111MODULE=off GOCACHE="$WORK/go-cache" \
    go test -count=1 -v -tags integration github.com/rabbitmq/amqp091-go 2>&1)
status=$?
sed -nE 's|^--- PASS: ([^ ]+).*|ok amqp091-go/\1|p; s|^--- FAIL: ([^ ]+).*|FAIL amqp091-go/\1|p' <<<"$out"
grep -qE '^--- (PASS|FAIL)' <<<"$out" || { tail -n 5 <<<"$out" >&2; exit 2; }
[ $status -eq 0 ]
