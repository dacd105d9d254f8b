"""pika and kcat on the same messages of a running broker; prints a line per check."""

import os
import subprocess
import sys
import time

import pika
from confluent_kafka.admin import AdminClient, NewTopic
from checks import check, run_checks

HOST, PORT = os.environ["AMQP"].rsplit(":", 1)
BOOTSTRAP = os.environ["BOOTSTRAP"]
# Names carry it, so that a broker can be checked again and again.
RUN = f"worlds-{time.time_ns()}"
LIMIT_S = 20


def kcat(*arguments, text=None):
    done = subprocess.run(
        ["kcat", "-b", BOOTSTRAP, *arguments], input=text, capture_output=True, text=True,
        errors="replace", timeout=2 * LIMIT_S)
    assert done.returncode == 0, done.stderr
    return done.stdout


def read_all(topic, form, *arguments):
    return kcat("-C", "-q", "-e", "-o", "beginning", "-t", topic, "-f", form, *arguments)


def connect():
    return pika.BlockingConnection(pika.ConnectionParameters(host=HOST, port=int(PORT)))


def confirming(connection):
    channel = connection.channel()
    channel.confirm_delivery()
    return channel


def stream(channel, queue, count, offset="first"):
    """The first messages of a stream from an offset, as (offset, routing key, headers, body)."""
    channel.basic_qos(prefetch_count=100)
    found = []
    for method, properties, body in channel.consume(
            queue, arguments={"x-stream-offset": offset}, inactivity_timeout=LIMIT_S):
        assert method is not None, f"{len(found)} of {count} came"
        headers = dict(properties.headers)
        found.append((headers.pop("x-stream-offset"), method.routing_key, headers, body))
        channel.basic_ack(method.delivery_tag)
        if len(found) == count:
            break
    channel.cancel()
    return found


@check
def a_stream_is_read_from_every_kind_of_offset():
    with connect() as connection:
        channel = confirming(connection)
        name = f"{RUN}-stream"
        channel.queue_declare(name, durable=True, arguments={"x-queue-type": "stream"})
        for i in range(10):
            channel.basic_publish("", name, b"%d" % i)
        for offset, first in (("first", 0), (4, 4), ("last", 9), ("1h", 0)):
            got = stream(channel, name, 10 - first, offset)
            assert [each[3] for each in got] == [b"%d" % i for i in range(first, 10)], got
            assert [each[0] for each in got] == list(range(first, 10)), got
        assert channel.queue_declare(name, passive=True).method.message_count == 10


@check
def a_queue_is_replayed_by_kafka():
    for kind in ("classic", "quorum", "stream"):
        with connect() as connection:
            channel = confirming(connection)
            name = f"{RUN}-{kind}-replay"
            channel.queue_declare(name, durable=True, arguments={"x-queue-type": kind})
            channel.queue_bind(name, "amq.topic", f"{RUN}.{kind}.#")
            properties = pika.BasicProperties(
                content_type="text/plain", message_id="m", headers={"n": 7}, delivery_mode=2)
            channel.basic_publish("amq.topic", f"{RUN}.{kind}.new", b"one", properties)
            channel.basic_publish("amq.topic", f"{RUN}.{kind}.old", b"two", properties)
            read = read_all(name, "%o|%k|%s\n")
            assert read == f"0|{RUN}.{kind}.new|one\n1|{RUN}.{kind}.old|two\n", read
            headers = read_all(name, "%h\n")
            for expected in ("content-type=text/plain", "message-id=m", "n=7"):
                assert expected in headers, headers
            assert channel.queue_declare(name, passive=True).method.message_count == 2


@check
def what_kafka_produces_is_in_the_queue():
    with connect() as connection:
        channel = confirming(connection)
        name = f"{RUN}-produce"
        channel.queue_declare(name, durable=True)
        kcat("-P", "-t", name, "-K:", "-H", "colour=blue", "-z", "gzip", text="k1:v1\nk2:v2\n")
        for number in ("1", "2"):
            method, properties, body = channel.basic_get(name, auto_ack=True)
            assert body == b"v" + number.encode(), body
            assert method.routing_key == "k" + number, method
            assert properties.headers == {"colour": "blue"}, properties
        assert channel.basic_get(name)[0] is None


@check
def a_topic_is_a_super_stream():
    with connect() as connection:
        topic = f"{RUN}-topic"
        kcat("-P", "-t", topic, "-p", "0", "-K:", "-H", "colour=blue", text="k1:v1\nk2:v2\n")
        channel = confirming(connection)
        got = stream(channel, f"{topic}-0", 2)
        assert got == [(0, "k1", {"colour": "blue"}, b"v1"), (1, "k2", {"colour": "blue"}, b"v2")]
        channel.basic_publish(topic, "0", b"by number", mandatory=True)
        channel.basic_publish(topic, "customer", b"by key", mandatory=True)
        channel.basic_publish("", f"{topic}-0", b"by name", mandatory=True)
        read = read_all(topic, "%s|%k\n").splitlines()
        assert "by number|0" in read and "by key|customer" in read, read
        assert f"by name|{topic}-0" in read, read


@check
def a_key_goes_where_kafka_sends_it():
    with connect() as connection:
        topic = f"{RUN}-keys"
        admin = AdminClient({"bootstrap.servers": BOOTSTRAP})
        admin.create_topics([NewTopic(topic, 5, 1)])[topic].result(LIMIT_S)
        channel = confirming(connection)
        keys = [f"customer {i}" for i in range(30)]
        for key in keys:
            channel.basic_publish(topic, key, b"amqp")
        kcat("-P", "-t", topic, "-K:", "-X", "partitioner=murmur2_random",
             text="".join(f"{key}:kafka\n" for key in keys))
        places = {}
        for line in read_all(topic, "%k|%p\n").splitlines():
            key, partition = line.split("|")
            places.setdefault(key, set()).add(partition)
        assert all(len(places[key]) == 1 for key in keys), places
        assert len(set.union(*places.values())) > 1, places


@check
def names_are_mapped():
    with connect() as connection:
        channel = confirming(connection)
        name = f"{RUN}/with a slash"
        channel.queue_declare(name, durable=True)
        channel.basic_publish("", name, b"v")
        mapped = f"vhost._2f.queue.{RUN}_2fwith_20a_20slash"
        assert read_all(mapped, "%s\n") == "v\n"
        channel.queue_delete(name)


sys.exit(run_checks("worlds"))
