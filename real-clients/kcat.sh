#!/usr/bin/env bash
# kcat (librdkafka) from a pipe, as in a shell script of a user.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

kcat_bounded() {
    timeout -k 2 30 kcat -b "$BOOTSTRAP" "$@"
}

produce() {
    kcat_bounded -P -t "$@"
}

# The whole topic, one record per line.
read_all() {
    kcat_bounded -C -q -e -o beginning -t "$@"
}

metadata() {
    create_topic "$run-metadata" 3
    expect_match '"brokers":\[\{"id":[0-9]+,"name":"[^"]+:[0-9]+"' "$(kcat_bounded -L -J)"
    await 20 has_partitions "$run-metadata" 3
    expect_match "topic \"$run-metadata\" with 3 partitions" "$(kcat_bounded -L)"
}

has_partitions() {
    [ "$(kcat_bounded -L -J -t "$1" | grep -o '"partition":' | wc -l)" -eq "$2" ]
}

unknown_topic_is_created_on_produce() {
    printf 'a\n' | produce "$run-auto"
    expect_equal a "$(read_all "$run-auto")"
}

keys_and_headers() {
    printf 'k1:v1\nk2:v2\n' | produce "$run-keys" -K: -H trace=abc -H empty=
    expect_equal $'0|k1|v1|trace=abc,empty=\n1|k2|v2|trace=abc,empty=' \
        "$(read_all "$run-keys" -f '%o|%k|%s|%h\n')"
}

tombstone() {
    printf 'gone:\n' | produce "$run-tombstone" -K: -Z
    expect_equal 'gone|-1' "$(read_all "$run-tombstone" -f '%k|%S\n')"
}

compression() {
    seq -f 'record %g of a text that compresses well' 1 3000 >"$scratch/$1.in"
    produce "$run-$1" -z "$1" <"$scratch/$1.in"
    read_all "$run-$1" | cmp - "$scratch/$1.in"
}

idempotent_producer() {
    seq 1 5000 >"$scratch/idempotent.in"
    produce "$run-idempotent" -X enable.idempotence=true <"$scratch/idempotent.in"
    read_all "$run-idempotent" | cmp - "$scratch/idempotent.in"
}

acks() {
    printf 'a\n' | produce "$run-acks" -X acks=0
    await 20 acks_arrived a
    printf 'b\n' | produce "$run-acks" -X acks=1
    expect_equal $'a\nb' "$(read_all "$run-acks")"
}

acks_arrived() {
    [ "$(read_all "$run-acks")" = "$1" ]
}

large_record() {
    head -c 700000 /dev/zero | tr '\0' x >"$scratch/large.in"
    produce "$run-large" "$scratch/large.in"
    expect_equal 700000 "$(read_all "$run-large" -f '%S\n')"
}

offsets() {
    seq 0 9 | produce "$run-offsets"
    expect_equal $'7\n8\n9' "$(kcat_bounded -C -q -e -t "$run-offsets" -p 0 -o 7)"
    expect_equal $'8\n9' "$(kcat_bounded -C -q -e -t "$run-offsets" -p 0 -o -2)"
    expect_equal $'0\n1' "$(kcat_bounded -C -q -t "$run-offsets" -p 0 -o beginning -c 2)"
}

clock_after() {
    [ "$(date +%s%3N)" -gt "$1" ]
}

timestamps() {
    printf 'old\n' | produce "$run-time"
    local old new
    old=$(read_all "$run-time" -f '%T\n')
    await 5 clock_after "$old"
    printf 'new\n' | produce "$run-time"
    new=$(kcat_bounded -C -q -e -t "$run-time" -o 1 -p 0 -f '%T\n')
    expect_equal new "$(kcat_bounded -C -q -e -t "$run-time" -o "s@$new")"
    expect_equal old "$(kcat_bounded -C -q -e -t "$run-time" -o "s@$old" -o "e@$new")"
    expect_match '\[0\] offset 1$' "$(kcat_bounded -Q -t "$run-time:0:$new")"
    expect_match '\[0\] offset 0$' "$(kcat_bounded -Q -t "$run-time:0:-2")"
    expect_match '\[0\] offset 2$' "$(kcat_bounded -Q -t "$run-time:0:-1")"
}

json() {
    printf 'k:v\n' | produce "$run-json" -K: -H h=1
    read_all "$run-json" -J | /usr/bin/python3 -c '
import json, sys
record = json.loads(sys.stdin.read())
wanted = {"partition": 0, "offset": 0, "key": "k", "payload": "v", "headers": ["h", "1"]}
found = {name: record[name] for name in wanted}
assert found == wanted, found
assert record["tstype"] == "create" and record["ts"] > 0, record'
}

# member NAME: a member of the group in the background; its records and its log go to files.
member() {
    timeout -k 2 60 kcat -b "$BOOTSTRAP" -X auto.offset.reset=earliest -X session.timeout.ms=10000 \
        -X auto.commit.interval.ms=500 -u -G "$run-group" -f '%p|%s\n' "$run-group" \
        >"$scratch/$1.out" 2>"$scratch/$1.log" &
}

# Partitions in the last assignment a member logged.
assigned() {
    grep 'assigned:' "$scratch/$1.log" | tail -n 1 | grep -oF "$run-group [" | wc -l
}

assigned_are() {
    [ "$(assigned a)" -eq "$1" ] && [ "$(assigned b)" -eq "$2" ]
}

received_are() {
    [ "$(cat "$scratch/a.out" "$scratch/b.out" | grep -c "$2")" -ge "$1" ]
}

produce_to_four_partitions() {
    local partition
    for partition in 0 1 2 3; do
        seq -f "$1-%g" 1 10 | produce "$run-group" -p "$partition"
    done
}

group() {
    create_topic "$run-group" 4
    touch "$scratch/b.log" "$scratch/b.out"
    member a
    await 20 assigned_are 4 0
    member b
    local second=$!
    await 30 assigned_are 2 2
    produce_to_four_partitions both
    await 20 received_are 40 both
    expect_equal 20 "$(grep -c both "$scratch/a.out")"
    kill "$second"
    wait "$second" || true
    await 30 assigned_are 4 2
    produce_to_four_partitions alone
    await 20 received_are 40 alone
    expect_equal 80 "$(cat "$scratch/a.out" "$scratch/b.out" | sort | wc -l)"
}

group_resumes_after_its_commit() {
    produce_to_four_partitions later
    local found
    found=$(kcat_bounded -X auto.offset.reset=earliest -q -e -G "$run-group" "$run-group")
    expect_equal 40 "$(grep -c later <<<"$found")"
    expect_no_match 'both|alone' "$found"
}

check metadata metadata
check auto-create unknown_topic_is_created_on_produce
check keys-and-headers keys_and_headers
check tombstone tombstone
for codec in gzip snappy lz4 zstd; do
    check "compression-$codec" compression $codec
done
check idempotent-producer idempotent_producer
check acks acks
check large-record large_record
check offsets offsets
check timestamps timestamps
check json json
check group-of-two group
check group-resumes group_resumes_after_its_commit
finish
