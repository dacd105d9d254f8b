#!/usr/bin/env bash
# Sarama, as Debian packages it (golang-github-shopify-sarama-dev), against a running broker.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
sources=/usr/share/gocode
if ! command -v go >/dev/null || [ ! -d $sources/src/github.com/Shopify/sarama ]; then
    echo "skipped sarama/suite: wants golang-go and golang-github-shopify-sarama-dev"
    exit 0
fi
GOPATH="$WORK/go:$sources" GO111MODULE=off GOCACHE="$WORK/go-cache" go build -o "$WORK/sarama" "$here/sarama/main.go" || exit 2
exec "$WORK/sarama"
