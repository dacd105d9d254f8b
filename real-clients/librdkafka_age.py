"""What an application does with librdkafka, whatever its age; prints a line per check. Argument: its version."""

import os
import subprocess
import sys
import time

import confluent_kafka
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewTopic
from checks import check, run_checks

BOOTSTRAP = {"bootstrap.servers": os.environ["BOOTSTRAP"]}
VERSION = sys.argv[1]
RUN = f"rdkafka-{VERSION}-{time.time_ns()}"
LIMIT_S = 30
ADMIN = AdminClient(BOOTSTRAP)


def create(name, config=None):
    topic = NewTopic(f"{RUN}-{name}", 1, 1, config=config or {})
    ADMIN.create_topics([topic])[topic.topic].result(LIMIT_S)
    deadline = time.monotonic() + LIMIT_S
    while topic.topic not in ADMIN.list_topics(timeout=LIMIT_S).topics:
        assert time.monotonic() < deadline, "topic not in time"
    return topic.topic


def produce(topic, count):
    producer = Producer({**BOOTSTRAP, "enable.idempotence": True, "compression.type": "lz4"})
    failed = []
    for number in range(count):
        producer.produce(topic, str(number), on_delivery=lambda error, _: error and failed.append(error))
    assert producer.flush(LIMIT_S) == 0 and not failed, failed


@check
def is_the_version_meant():
    assert confluent_kafka.libversion()[0].split("-")[0] == VERSION, confluent_kafka.libversion()


@check
def group_reads_what_an_idempotent_producer_wrote():
    topic = create("group")
    produce(topic, 200)
    consumer = Consumer({**BOOTSTRAP, "group.id": topic, "auto.offset.reset": "earliest", "enable.auto.commit": False})
    consumer.subscribe([topic])
    values, deadline = [], time.monotonic() + LIMIT_S
    while len(values) < 200:
        assert time.monotonic() < deadline, f"only {len(values)} in time"
        message = consumer.poll(0.2)
        if message is not None:
            assert message.error() is None, message.error()
            values.append(message.value().decode())
    assert values == [str(number) for number in range(200)]
    consumer.commit(asynchronous=False)
    committed = consumer.committed([TopicPartition(topic, 0)], timeout=LIMIT_S)
    assert committed[0].offset == 200, committed
    assert consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=LIMIT_S) == (0, 200)
    consumer.close()


@check
def offsets_for_times():
    topic = create("times")
    producer = Producer(BOOTSTRAP)
    for number in range(3):
        producer.produce(topic, "x", timestamp=1_700_000_000_000 + number * 1000)
    assert producer.flush(LIMIT_S) == 0
    consumer = Consumer({**BOOTSTRAP, "group.id": topic})
    found = consumer.offsets_for_times([TopicPartition(topic, 0, 1_700_000_000_500)], timeout=LIMIT_S)
    assert found[0].offset == 1, found
    consumer.close()


@check
def settings_of_a_topic_are_told():
    topic = create("settings", {"retention.ms": "1000", "file.delete.delay.ms": "5"})
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic)
    settings = ADMIN.describe_configs([resource])[resource].result(LIMIT_S)
    assert settings["retention.ms"].value == "1000", settings["retention.ms"]
    assert settings["file.delete.delay.ms"].value == "5", settings["file.delete.delay.ms"]


@check
def transactional_producer_commits():
    topic = create("transactional")
    producer = Producer({**BOOTSTRAP, "transactional.id": RUN})
    producer.init_transactions(LIMIT_S)
    producer.begin_transaction()
    producer.produce(topic, "0")
    producer.commit_transaction(LIMIT_S)


@check
def kcat_lists_and_reads():
    topic = create("kcat")
    produce(topic, 3)
    listed = subprocess.run(["kcat", "-b", os.environ["BOOTSTRAP"], "-L", "-t", topic], capture_output=True, text=True,
                            timeout=LIMIT_S, check=True).stdout
    assert "1 partitions" in listed, listed
    read = subprocess.run(["kcat", "-b", os.environ["BOOTSTRAP"], "-C", "-t", topic, "-e", "-q"], capture_output=True,
                          text=True, timeout=LIMIT_S, check=True).stdout
    assert read.split() == ["0", "1", "2"], read


if __name__ == "__main__":
    sys.exit(run_checks(f"librdkafka-ages/{VERSION}"))
