"""confluent-kafka (librdkafka) against a running broker; prints a line per check."""

import os
import sys
import time

from confluent_kafka import (
    OFFSET_BEGINNING,
    OFFSET_END,
    TIMESTAMP_CREATE_TIME,
    Consumer,
    KafkaError,
    KafkaException,
    Producer,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient, ConfigResource, NewPartitions, NewTopic
from checks import check, run_checks

BOOTSTRAP = {"bootstrap.servers": os.environ["BOOTSTRAP"]}
ADMIN = AdminClient(BOOTSTRAP)
# Topics and groups carry it, so that a broker can be checked again and again.
RUN = f"confluent-{time.time_ns()}"
LIMIT_S = 30


def create_topic(name, partitions=1, config=None):
    topic = NewTopic(f"{RUN}-{name}", partitions, 1, config=config or {})
    ADMIN.create_topics([topic])[topic.topic].result(LIMIT_S)
    # A broker may say so before its own metadata has caught up.
    await_condition(lambda: topic.topic in ADMIN.list_topics(timeout=LIMIT_S).topics)
    return topic.topic


def await_condition(condition):
    deadline = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.05)


def produce(topic, values, partition=None, **options):
    """Sends strings and returns the delivered messages, in the order of their reports."""
    delivered, failed = [], []

    def report(error, message):
        failed.append(error) if error else delivered.append(message)

    producer = Producer({**BOOTSTRAP, **options})
    extra = {} if partition is None else {"partition": partition}
    for value in values:
        producer.produce(topic, value, on_delivery=report, **extra)
        producer.poll(0)
    assert producer.flush(LIMIT_S) == 0, "records left unsent"
    assert not failed, failed
    return delivered


def consumer(group="none", **options):
    return Consumer(
        {
            **BOOTSTRAP,
            "group.id": f"{RUN}-{group}",
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "session.timeout.ms": 10000,
            **options,
        }
    )


def read(source, count):
    """Exactly the next records, and no error."""
    values, deadline = [], time.monotonic() + LIMIT_S
    while len(values) < count:
        message = source.poll(0.2)
        if message is not None:
            assert message.error() is None, message.error()
            values.append(message.value().decode())
        assert time.monotonic() < deadline, f"only {len(values)} of {count} records: {values[:5]}"
    return values


def assigned(topic, offset, partition=0):
    source = consumer()
    source.assign([TopicPartition(topic, partition, offset)])
    return source


def numbers(start, end):
    return [str(i) for i in range(start, end)]


def poll_until(consumers, condition):
    """Polls all consumers in turn; returns the values received from each."""
    received, deadline = [[] for _ in consumers], time.monotonic() + LIMIT_S
    while not condition(received):
        for values, source in zip(received, consumers):
            message = source.poll(0.05)
            if message is not None:
                assert message.error() is None, message.error()
                values.append(message.value().decode())
        assert time.monotonic() < deadline, (
            f"assignments {[len(c.assignment()) for c in consumers]}, "
            f"received {[len(values) for values in received]}"
        )
    return received


@check
def delivery_reports():
    topic = create_topic("reports")
    delivered = produce(topic, numbers(0, 100))
    assert [m.offset() for m in delivered] == list(range(100))
    assert all(m.timestamp()[0] == TIMESTAMP_CREATE_TIME for m in delivered)


@check
def delivery_report_of_a_refusal():
    topic = create_topic("refused", config={"max.message.bytes": "1000"})
    errors = []
    producer = Producer(BOOTSTRAP)
    producer.produce(topic, b"x" * 5000, on_delivery=lambda error, _: errors.append(error))
    assert producer.flush(LIMIT_S) == 0
    assert errors[0].code() == KafkaError.MSG_SIZE_TOO_LARGE, errors


@check
def idempotent_producer():
    topic = create_topic("idempotent", 3)
    produce(topic, numbers(0, 3000), **{"enable.idempotence": True})
    source = consumer("idempotent")
    source.subscribe([topic])
    assert sorted(read(source, 3000), key=int) == numbers(0, 3000)
    source.close()


@check
def keys_headers_timestamps():
    topic = create_topic("parts")
    producer = Producer(BOOTSTRAP)
    headers = [("a", b"1"), ("a", b"2"), ("none", None)]
    producer.produce(topic, None, key=b"k", headers=headers, timestamp=1500000000000)
    producer.flush(LIMIT_S)
    source = assigned(topic, OFFSET_BEGINNING)
    message = source.poll(LIMIT_S)
    assert (message.key(), message.value(), message.headers()) == (b"k", None, headers)
    assert message.timestamp() == (TIMESTAMP_CREATE_TIME, 1500000000000)
    source.close()


def group_of_two(strategy):
    topic = create_topic(f"group-{strategy}", 4)
    options = {"partition.assignment.strategy": strategy}
    first, second = consumer(strategy, **options), consumer(strategy, **options)
    first.subscribe([topic])
    poll_until([first], lambda _: len(first.assignment()) == 4)
    second.subscribe([topic])
    both = [first, second]
    poll_until(both, lambda _: [len(c.assignment()) for c in both] == [2, 2])
    for partition in range(4):
        produce(topic, [f"{partition}-{i}" for i in range(10)], partition)
    shares = poll_until(both, lambda received: sum(map(len, received)) == 40)
    assert list(map(len, shares)) == [20, 20], shares
    assert len(set(shares[0] + shares[1])) == 40
    second.close()
    poll_until([first], lambda _: len(first.assignment()) == 4)
    first.close()


@check
def group_range():
    group_of_two("range")


@check
def group_cooperative_sticky():
    group_of_two("cooperative-sticky")


@check
def commit_sync_and_resume():
    topic = create_topic("commit")
    produce(topic, numbers(0, 20))
    source = consumer("commit")
    source.subscribe([topic])
    read(source, 5)
    committed = source.commit(asynchronous=False)
    assert [p.offset for p in committed] == [5], committed
    source.close()
    source = consumer("commit")
    source.subscribe([topic])
    assert read(source, 15) == numbers(5, 20)
    source.close()


@check
def commit_async():
    topic = create_topic("commit-async")
    produce(topic, numbers(0, 7))
    results = []
    source = consumer("commit-async", on_commit=lambda error, parts: results.append((error, parts)))
    source.subscribe([topic])
    read(source, 7)
    source.commit(asynchronous=True)
    poll_until([source], lambda _: results)
    error, partitions = results[0]
    assert error is None and partitions[0].offset == 7, results
    assert source.committed([TopicPartition(topic, 0)], LIMIT_S)[0].offset == 7
    source.close()


@check
def commit_of_given_offsets():
    topic = create_topic("commit-offsets", 2)
    source = consumer("commit-offsets")
    source.commit(offsets=[TopicPartition(topic, 1, 42)], asynchronous=False)
    both = [TopicPartition(topic, 0), TopicPartition(topic, 1)]
    assert [p.offset for p in source.committed(both, LIMIT_S)] == [-1001, 42]
    source.close()


@check
def auto_commit():
    topic = create_topic("auto-commit")
    produce(topic, numbers(0, 10))
    source = consumer("auto-commit", **{"enable.auto.commit": True})
    source.subscribe([topic])
    read(source, 10)
    source.close()
    source = consumer("auto-commit")
    assert source.committed([TopicPartition(topic, 0)], LIMIT_S)[0].offset == 10
    source.close()


@check
def seek():
    topic = create_topic("seek")
    produce(topic, numbers(0, 50))
    source = assigned(topic, OFFSET_BEGINNING)
    read(source, 10)
    source.seek(TopicPartition(topic, 0, 40))
    assert read(source, 10) == numbers(40, 50)
    assert source.position([TopicPartition(topic, 0)])[0].offset == 50
    source.close()


@check
def offset_out_of_range_resets():
    topic = create_topic("range")
    produce(topic, numbers(0, 3))
    source = assigned(topic, 1000)
    assert read(source, 3) == numbers(0, 3)
    source.close()


@check
def pause_and_resume():
    topic = create_topic("pause", 2)
    produce(topic, numbers(0, 10), 0)
    produce(topic, numbers(100, 110), 1)
    paused = TopicPartition(topic, 1)
    source = consumer()
    source.assign([TopicPartition(topic, 0, OFFSET_BEGINNING), TopicPartition(topic, 1, OFFSET_BEGINNING)])
    source.pause([paused])
    assert read(source, 10) == numbers(0, 10)
    assert source.poll(1) is None
    source.resume([paused])
    assert read(source, 10) == numbers(100, 110)
    source.close()


@check
def end_of_partition():
    topic = create_topic("eof")
    produce(topic, ["a"])
    source = consumer("eof", **{"enable.partition.eof": True})
    source.assign([TopicPartition(topic, 0, OFFSET_BEGINNING)])
    assert source.poll(LIMIT_S).value() == b"a"
    assert source.poll(LIMIT_S).error().code() == KafkaError._PARTITION_EOF
    source.close()


@check
def new_records_reach_a_waiting_consumer():
    topic = create_topic("tail")
    source = consumer("tail", **{"enable.partition.eof": True})
    source.assign([TopicPartition(topic, 0, OFFSET_END)])
    assert source.poll(LIMIT_S).error().code() == KafkaError._PARTITION_EOF
    produce(topic, ["late"])
    assert source.poll(LIMIT_S).value() == b"late"
    source.close()


@check
def offsets_for_times():
    topic = create_topic("times")
    producer = Producer(BOOTSTRAP)
    for i in range(10):
        producer.produce(topic, str(i), timestamp=1600000000000 + i * 1000)
    producer.flush(LIMIT_S)
    source = consumer()

    def offset_at(timestamp):
        return source.offsets_for_times([TopicPartition(topic, 0, timestamp)], LIMIT_S)[0].offset

    assert offset_at(1600000004000) == 4
    assert offset_at(1600000004001) == 5
    assert offset_at(0) == 0
    assert offset_at(1700000000000) == OFFSET_END
    source.close()


@check
def watermark_offsets():
    topic = create_topic("watermarks")
    source = consumer()
    partition = TopicPartition(topic, 0)
    assert source.get_watermark_offsets(partition, LIMIT_S) == (0, 0)
    produce(topic, numbers(0, 5))
    assert source.get_watermark_offsets(partition, LIMIT_S) == (0, 5)
    source.close()


@check
def admin_topics():
    topic = create_topic("admin", 2)
    try:
        create_topic("admin", 2)
        raise AssertionError("created twice")
    except KafkaException as error:
        assert error.args[0].code() == KafkaError.TOPIC_ALREADY_EXISTS, error
    ADMIN.create_partitions([NewPartitions(topic, 5)])[topic].result(LIMIT_S)
    await_condition(lambda: len(ADMIN.list_topics(topic, LIMIT_S).topics[topic].partitions) == 5)
    ADMIN.delete_topics([topic])[topic].result(LIMIT_S)
    await_condition(lambda: topic not in ADMIN.list_topics(timeout=LIMIT_S).topics)


@check
def admin_validate_only():
    name = f"{RUN}-dry"
    ADMIN.create_topics([NewTopic(name, 1, 1)], validate_only=True)[name].result(LIMIT_S)
    assert name not in ADMIN.list_topics(timeout=LIMIT_S).topics


@check
def admin_configs():
    topic = create_topic("configs", config={"retention.ms": "60000"})

    def configs():
        resource = ConfigResource(ConfigResource.Type.TOPIC, topic)
        return ADMIN.describe_configs([resource])[resource].result(LIMIT_S)

    assert configs()["retention.ms"].value == "60000"
    assert not configs()["retention.ms"].is_default
    assert configs()["cleanup.policy"].is_default
    altered = ConfigResource(
        ConfigResource.Type.TOPIC, topic, set_config={"segment.bytes": "2000000"}
    )
    ADMIN.alter_configs([altered])[altered].result(LIMIT_S)
    await_condition(lambda: configs()["segment.bytes"].value == "2000000")
    assert configs()["retention.ms"].is_default, "AlterConfigs replaces what was set before"


@check
def admin_refuses_bad_config():
    try:
        create_topic("bad", config={"retention.ms": "never"})
        raise AssertionError("created")
    except KafkaException as error:
        assert error.args[0].code() == KafkaError.INVALID_CONFIG, error


@check
def admin_groups():
    topic = create_topic("groups")
    source = consumer("listed", **{"client.id": "listed-client"})
    source.subscribe([topic])
    poll_until([source], lambda _: source.assignment())
    found = ADMIN.list_groups(f"{RUN}-listed", LIMIT_S)
    assert [g.id for g in found] == [f"{RUN}-listed"], found
    assert found[0].state == "Stable" and found[0].protocol_type == "consumer"
    assert found[0].members[0].client_id == "listed-client"
    assert f"{RUN}-listed" in [g.id for g in ADMIN.list_groups(timeout=LIMIT_S)]
    source.close()


sys.exit(run_checks("confluent"))
