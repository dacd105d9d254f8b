#!/usr/bin/env bash
# Kafka's own console tools, each in a JVM of its own as its script would start it.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

CLASSPATH=$(printf '%s:' "$KAFKA_LIB"/*.jar)
export CLASSPATH

# An archive of the classes loaded, which the first tool leaves for the others, brings a start from
# 1.5 s to 0.4 s.
jvm=("$JAVA_HOME/bin/java" -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1
    -XX:+AutoCreateSharedArchive "-XX:SharedArchiveFile=$scratch/tools.jsa" -Xlog:all=off
    "-Dlog4j2.configurationFile=$KAFKA_LOG4J")

# tool CLASS ARGUMENT...
tool() {
    timeout -k 2 60 "${jvm[@]}" "$(class "$1")" "${@:2}" --bootstrap-server "$BOOTSTRAP"
}

# The few tools that want the server before their verb.
server_first() {
    timeout -k 2 60 "${jvm[@]}" "$(class "$1")" --bootstrap-server "$BOOTSTRAP" "${@:2}"
}

class() {
    case $1 in
        kafka.*) echo "$1" ;;
        *) echo "org.apache.kafka.tools.$1" ;;
    esac
}

topics() {
    tool TopicCommand "$@"
}

groups() {
    tool consumer.group.ConsumerGroupCommand "$@"
}

configs() {
    tool kafka.admin.ConfigCommand --entity-type topics --entity-name "$@"
}

offsets() {
    tool GetOffsetShell "$@"
}

consume() {
    tool consumer.ConsoleConsumer --timeout-ms 20000 "$@"
}

fails() {
    ! "$@" || { echo "should have failed: $*"; return 1; }
}

topic_create() {
    expect_match "^Created topic $run-topic\.$" \
        "$(topics --create --topic "$run-topic" --partitions 3 --config retention.ms=3600000)"
    expect_match 'already exists' "$(fails topics --create --topic "$run-topic" 2>&1)"
    topics --create --if-not-exists --topic "$run-topic"
    expect_match 'Invalid value abc' "$(fails topics --create --topic "$run-bad" --config retention.ms=abc 2>&1)"
    expect_match 'InvalidReplicationFactor' \
        "$(fails topics --create --topic "$run-bad" --replication-factor 3 2>&1)"
}

topic_list_and_describe() {
    expect_match "^$run-topic$" "$(topics --list)"
    local description
    description=$(topics --describe --topic "$run-topic")
    expect_match 'PartitionCount: 3.ReplicationFactor: 1.Configs: .*retention\.ms=3600000' "$description"
    expect_match 'Partition: 2.Leader: [0-9]+.Replicas: [0-9]+.Isr: [0-9]+' "$description"
    expect_match 'does not exist' "$(fails topics --describe --topic "$run-none" 2>&1)"
}

topic_alter_partitions() {
    topics --alter --topic "$run-topic" --partitions 5
    expect_match 'PartitionCount: 5' "$(topics --describe --topic "$run-topic")"
    expect_match 'would not be an increase|higher than the current' \
        "$(fails topics --alter --topic "$run-topic" --partitions 4 2>&1)"
}

topic_delete() {
    topics --delete --topic "$run-topic"
    expect_no_match "^$run-topic$" "$(topics --list)"
}

console_round_trip() {
    printf 'h1:a,h2:b\tk1\tone\nh1:c\tk2\ttwo\n' | tool ConsoleProducer --topic "$run-console" \
        --reader-property parse.key=true --reader-property parse.headers=true
    local found
    found=$(consume --topic "$run-console" --from-beginning --max-messages 2 \
        --formatter-property print.key=true --formatter-property print.headers=true \
        --formatter-property print.timestamp=true --formatter-property print.offset=true)
    expect_match $'^CreateTime:[0-9]+\tOffset:0\th1:a,h2:b\tk1\tone$' "$found"
    expect_match $'^CreateTime:[0-9]+\tOffset:1\th1:c\tk2\ttwo$' "$found"
    expect_equal two "$(consume --topic "$run-console" --partition 0 --offset 1 --max-messages 1)"
}

console_compressed() {
    seq 1 50 | tool ConsoleProducer --topic "$run-zipped" --compression-codec zstd
    expect_equal "$(seq 1 50)" "$(consume --topic "$run-zipped" --from-beginning --max-messages 50 \
        --isolation-level read_committed)"
}

# A group takes up where its last member committed, whatever protocol brings it there.
console_group() {
    local member=(--topic "$run-group-$1" --group "$run-group-$1" --from-beginning
        --command-property "group.protocol=$1")
    seq 1 10 | tool ConsoleProducer --topic "$run-group-$1"
    expect_equal "$(seq 1 4)" "$(consume "${member[@]}" --max-messages 4)"
    expect_equal "$(seq 5 10)" "$(consume "${member[@]}" --max-messages 6)"
}

# member PROTOCOL: a VerifiableConsumer of the group "live" in the background.
member() {
    timeout -k 2 60 "${jvm[@]}" "$(class VerifiableConsumer)" --bootstrap-server "$BOOTSTRAP" \
        --topic "$run-live" --group-id "$run-live-$1" --group-protocol "$1" >"$scratch/live-$1.out" &
}

live_group() {
    topics --create --topic "$run-live" --partitions 2 --if-not-exists
    : >"$scratch/live-$1.out"
    member "$1"
    await 30 grep -q '"partitions_assigned".*"partition":1' "$scratch/live-$1.out"
    expect_match "^$run-live-$1\$" "$(groups --list)"
    expect_match "^$run-live-$1 +.*Stable" "$(groups --list --state)"
    expect_match "^$run-live-$1 .*Stable +1" "$(groups --describe --group "$run-live-$1" --state)"
    expect_match "^$run-live-$1 .* 2 " "$(groups --describe --group "$run-live-$1" --members)"
    expect_match "^$run-live-$1 +$run-live +1 " "$(groups --describe --group "$run-live-$1" --offsets)"
    expect_match 'not empty|NonEmptyGroup' "$(groups --delete --group "$run-live-$1" 2>&1)"
}

# next_offset DESCRIPTION: the offset in a table of one partition, as describe or reset prints it.
next_offset() {
    awk -v topic="$run-group-classic" '$2 == topic { print $4 }' <<<"$1"
}

reset() {
    groups --reset-offsets --group "$run-group-classic" --topic "$run-group-classic" "$@"
}

committed() {
    next_offset "$(groups --describe --group "$run-group-classic")"
}

group_reset() {
    expect_equal 10 "$(committed)"
    expect_equal 0 "$(next_offset "$(reset --to-earliest --dry-run)")"
    expect_equal 10 "$(committed)"
    expect_equal 7 "$(next_offset "$(reset --shift-by -3 --execute)")"
    expect_equal 7 "$(committed)"
    expect_equal 0 "$(next_offset "$(reset --to-datetime 2020-01-01T00:00:00.000 --execute)")"
    expect_equal 10 "$(next_offset "$(reset --to-latest --execute)")"
    expect_equal 3 "$(next_offset "$(reset --to-offset 3 --execute)")"
    expect_equal 3 "$(committed)"
}

group_delete_offsets() {
    expect_match 'Successful' \
        "$(groups --delete-offsets --group "$run-group-classic" --topic "$run-group-classic")"
    expect_equal '' "$(committed)"
}

group_delete() {
    expect_match 'was successful' "$(groups --delete --group "$run-group-consumer")"
    expect_no_match "^$run-group-consumer\$" "$(groups --list)"
    expect_match 'does not exist|GroupIdNotFound' "$(groups --delete --group "$run-none" 2>&1)"
}

groups_by_type() {
    local found
    found=$(tool GroupsCommand --list)
    expect_match "^$run-live-classic +Classic +consumer" "$found"
    expect_match "^$run-live-consumer +Consumer +consumer" "$found"
}

topic_configs() {
    topics --create --topic "$run-config"
    configs "$run-config" --alter --add-config 'retention.bytes=1000,cleanup.policy=[compact,delete]'
    local found
    found=$(configs "$run-config" --describe)
    expect_match 'retention\.bytes=1000 .*DYNAMIC_TOPIC_CONFIG:retention\.bytes=1000' "$found"
    expect_match 'cleanup\.policy=compact,delete' "$found"
    configs "$run-config" --alter --delete-config retention.bytes
    expect_no_match 'retention\.bytes' "$(configs "$run-config" --describe)"
    expect_match 'retention\.bytes=-1' "$(configs "$run-config" --describe --all)"
    expect_match 'InvalidConfig|Invalid value' \
        "$(fails configs "$run-config" --alter --add-config retention.bytes=abc 2>&1)"
    expect_match 'Unknown topic config' \
        "$(fails configs "$run-config" --alter --add-config no.such.config=1 2>&1)"
}

broker_configs() {
    local id
    id=$(tool ClusterTool list-endpoints | awk 'NR == 2 { print $1 }')
    local found name
    found=$(tool kafka.admin.ConfigCommand --entity-type brokers --entity-name "$id" --describe --all)
    for name in log.retention.hours default.replication.factor broker.id listeners log.dirs log.cleaner.enable; do
        expect_match "^ *$name=[^ ]+ " "$found"
    done
}

# What is set for the broker while it runs reaches the topics that set nothing themselves.
broker_configs_change() {
    local id
    id=$(tool ClusterTool list-endpoints | awk 'NR == 2 { print $1 }')
    tool kafka.admin.ConfigCommand --broker "$id" --alter --add-config log.index.interval.bytes=5000
    expect_match 'index\.interval\.bytes=5000 .*DYNAMIC_BROKER_CONFIG' "$(configs "$run-config" --describe --all)"
    tool kafka.admin.ConfigCommand --broker "$id" --alter --delete-config log.index.interval.bytes
    expect_match 'index\.interval\.bytes=4096' "$(configs "$run-config" --describe --all)"
    expect_match 'Cannot update these configs dynamically' "$(fails tool kafka.admin.ConfigCommand \
        --broker "$id" --alter --add-config broker.rack=a 2>&1)"
}

delete_records() {
    seq 0 9 | tool ConsoleProducer --topic "$run-trim"
    echo "{\"version\":1,\"partitions\":[{\"topic\":\"$run-trim\",\"partition\":0,\"offset\":6}]}" \
        >"$scratch/trim.json"
    expect_match 'low_watermark: 6' "$(tool DeleteRecordsCommand --offset-json-file "$scratch/trim.json")"
    expect_equal "$run-trim:0:6" "$(offsets --topic "$run-trim" --time earliest)"
    expect_equal "$run-trim:0:10" "$(offsets --topic "$run-trim" --time latest)"
    expect_match "^$run-trim:0:[0-9]$" "$(offsets --topic "$run-trim" --time max-timestamp)"
    expect_equal "$run-trim:0:6" "$(offsets --topic "$run-trim" --time 1)"
    expect_equal "$(seq 6 9)" "$(consume --topic "$run-trim" --from-beginning --max-messages 4)"
}

log_dirs() {
    expect_match "\"partition\":\"$run-trim-0\",\"size\":[1-9]" \
        "$(tool LogDirsCommand --describe --topic-list "$run-trim")"
}

api_versions() {
    local found
    found=$(tool BrokerApiVersionsCommand)
    expect_match 'Produce\(0\): 0 to [0-9]+ \[usable: 13\]' "$found"
    expect_match 'ConsumerGroupHeartbeat\(68\): 0 to [0-9]+' "$found"
}

cluster() {
    expect_match '^Cluster ID: .+' "$(tool ClusterTool cluster-id)"
    expect_match "[0-9]+ +[^ ]+ +${BOOTSTRAP##*:} .* broker" "$(tool ClusterTool list-endpoints)"
}

producers() {
    tool ProducerPerformance --topic "$run-perf" --num-records 2000 --record-size 100 \
        --throughput -1 >/dev/null
    expect_match '^[0-9]+\s+0\s+-1\s+1999\s+[0-9]+\s+None' \
        "$(server_first TransactionsCommand describe-producers --topic "$run-perf" --partition 0)"
}

perf_producer() {
    expect_match '^5000 records sent, .* 99\.9th\.$' "$(tool ProducerPerformance --topic "$run-perf" \
        --num-records 5000 --record-size 200 --throughput -1 --command-property acks=all)"
}

perf_consumer() {
    expect_match ', 5[0-9]{3}, ' "$(tool ConsumerPerformance --topic "$run-perf" --num-records 5000)"
}

perf_end_to_end() {
    expect_match '^Percentiles: 50th = [0-9]+' "$(tool EndToEndLatency --topic "$run-e2e" \
        --num-records 200 --producer-acks all --record-size 100)"
}

verifiable() {
    expect_match '"sent":100,"acked":100' \
        "$(tool VerifiableProducer --topic "$run-verify-$1" --max-messages 100 --acks -1)"
    local found
    found=$(tool VerifiableConsumer --topic "$run-verify-$1" --group-id "$run-verify-$1" \
        --group-protocol "$1" --max-messages 100)
    expect_match '"offsets_committed".*"offset":100.*"success":true' "$found"
    expect_match '"shutdown_complete"' "$found"
}

# What is switched off is said to be so, in the words of a Kafka without it.
switched_off() {
    expect_match 'SecurityDisabledException: No Authorizer is configured on the broker' \
        "$(tool AclCommand --list 2>&1)"
    expect_equal '' "$(tool kafka.admin.ConfigCommand --entity-type users --describe 2>&1)"
    expect_match '^TransactionalId' "$(server_first TransactionsCommand list)"
    expect_match 'the ID could not be found' \
        "$(server_first TransactionsCommand describe --transactional-id "$run-none" 2>&1)"
    expect_match 'Delegation Token requests are not allowed on PLAINTEXT' \
        "$(fails tool DelegationTokenCommand --describe --command-config /dev/null 2>&1)"
}

# Kafka's name for durability os, and settings that change nothing for readers.
topic_tuned() {
    topics --create --topic "$run-tuned" --config flush.messages=9223372036854775807 --config preallocate=true \
        --config file.delete.delay.ms=1000 --config cleanup.policy=compact
    local found
    found=$(configs "$run-tuned" --describe)
    expect_match 'flush\.messages=9223372036854775807' "$found"
    expect_match 'preallocate=true' "$found"
    expect_match 'file\.delete\.delay\.ms=1000' "$found"
    expect_match 'cleanup\.policy=compact' "$found"
    configs "$run-tuned" --alter --delete-config flush.messages
    expect_no_match 'flush\.messages' "$(configs "$run-tuned" --describe)"
}

check topic-create topic_create
check topic-list-describe topic_list_and_describe
check topic-alter-partitions topic_alter_partitions
check topic-delete topic_delete
check console-round-trip console_round_trip
check console-compressed console_compressed
for protocol in classic consumer; do
    check "console-group-$protocol" console_group $protocol
    check "group-live-$protocol" live_group $protocol
    check "verifiable-$protocol" verifiable $protocol
done
check groups-by-type groups_by_type
check group-reset-offsets group_reset
check group-delete-offsets group_delete_offsets
check group-delete group_delete
check topic-configs topic_configs
check broker-configs broker_configs
check broker-configs-change broker_configs_change
check topic-tuned topic_tuned
check switched-off switched_off
check delete-records-and-offsets delete_records
check log-dirs log_dirs
check api-versions api_versions
check cluster cluster
check perf-producer perf_producer
check perf-consumer perf_consumer
check perf-end-to-end perf_end_to_end
check describe-producers producers
finish
