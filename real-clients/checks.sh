# shellcheck shell=bash
# Sourced by the suites in bash: runs checks, each in its own shell, and prints their results.

suite_name=$(basename "$0" .sh)
scratch=$WORK/$suite_name
# Topics and groups carry it, so that a broker can be checked again and again.
# shellcheck disable=SC2034
run=$suite_name-$(date +%s%N)
mkdir -p "$scratch"
failures=0

# check NAME FUNCTION [ARGUMENT...]: any command that fails in FUNCTION fails the check.
check() {
    local name=$suite_name/$1 log="$scratch/${1//\//-}.log"
    shift
    (
        trap 'kill $(jobs -p) 2>/dev/null && wait || true' EXIT
        set -eE
        trap 'echo "(line $LINENO)" >&2' ERR
        "$@"
    ) >"$log" 2>&1 </dev/null
    # Not "if (...)": that would switch off set -e inside.
    # shellcheck disable=SC2181
    if [ $? -eq 0 ]; then
        echo "ok $name"
    else
        echo "FAIL $name $(tail -n 6 "$log" | tr '\n' ' ' | cut -c1-600)"
        failures=$((failures + 1))
    fi
}

finish() {
    [ $failures -eq 0 ]
    exit
}

expect_equal() {
    [ "$1" = "$2" ] || { echo "expected '$1' but got '$2'"; return 1; }
}

# expect_match REGEX TEXT
expect_match() {
    grep -qE -- "$1" <<<"$2" || { echo "no match for '$1' in: $2"; return 1; }
}

expect_no_match() {
    ! grep -qE -- "$1" <<<"$2" || { echo "unwanted match for '$1' in: $2"; return 1; }
}

# await SECONDS COMMAND...: asks until the command succeeds.
await() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        [ $SECONDS -lt $deadline ] || { echo "not in time: $*"; return 1; }
        sleep 0.1
    done
}

# create_topic NAME PARTITIONS
create_topic() {
    timeout 30 /usr/bin/python3 - "$BOOTSTRAP" "$@" <<'EOF'
import sys
from confluent_kafka.admin import AdminClient, NewTopic
admin = AdminClient({"bootstrap.servers": sys.argv[1]})
topic = NewTopic(sys.argv[2], num_partitions=int(sys.argv[3]), replication_factor=1)
admin.create_topics([topic])[sys.argv[2]].result(timeout=20)
EOF
}
