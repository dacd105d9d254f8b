"""pika against a running broker; prints a line per check."""

import os
import sys
import time

import pika
from pika.exceptions import ChannelClosedByBroker, ConnectionClosedByBroker, NackError, UnroutableError
from checks import check, run_checks

HOST, PORT = os.environ["AMQP"].rsplit(":", 1)
# Names carry it, so that a broker can be checked again and again.
RUN = f"pika-{time.time_ns()}"
LIMIT_S = 20
PERSISTENT = pika.BasicProperties(delivery_mode=2)


def connect(**options):
    return pika.BlockingConnection(pika.ConnectionParameters(host=HOST, port=int(PORT), **options))


def queue(channel, name, **options):
    return channel.queue_declare(f"{RUN}-{name}", **{"durable": True, **options}).method.queue


def drain(channel, name):
    bodies = []
    while True:
        method, _, body = channel.basic_get(name, auto_ack=True)
        if method is None:
            return bodies
        bodies.append(body)


def refused(code, text, action):
    """The broker closes the channel with this code and text."""
    with connect() as connection:
        try:
            action(connection.channel())
        except ChannelClosedByBroker as error:
            assert error.reply_code == code, error
            assert text in error.reply_text, error.reply_text
        else:
            raise AssertionError("not refused")


@check
def confirmed_messages_are_consumed_in_order():
    with connect() as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        name = queue(channel, "order")
        for i in range(200):
            channel.basic_publish("", name, str(i).encode(), PERSISTENT)
        received = []
        for method, _, body in channel.consume(name, inactivity_timeout=LIMIT_S):
            received.append(int(body))
            channel.basic_ack(method.delivery_tag)
            if len(received) == 200:
                break
        channel.cancel()
        assert received == list(range(200)), received
        assert drain(channel, name) == []


@check
def callbacks_with_prefetch_and_multiple_acks():
    with connect() as connection:
        channel = connection.channel()
        name = queue(channel, "prefetch")
        for i in range(100):
            channel.basic_publish("", name, b"%d" % i, PERSISTENT)
        channel.basic_qos(prefetch_count=10)
        received = []

        def on_message(_, method, __, body):
            received.append(body)
            if len(received) % 10 == 0:
                channel.basic_ack(method.delivery_tag, multiple=True)
            if len(received) == 100:
                channel.stop_consuming()

        channel.basic_consume(name, on_message)
        connection.call_later(LIMIT_S, channel.stop_consuming)
        channel.start_consuming()
        assert received == [b"%d" % i for i in range(100)], received


@check
def properties_survive():
    with connect() as connection:
        channel = connection.channel()
        name = queue(channel, "properties")
        headers = {"text": "é", "int": 5, "big": 1 << 40, "list": [1, "a"], "map": {"b": True}, "none": None}
        sent = pika.BasicProperties(content_type="text/plain", delivery_mode=2, priority=4, correlation_id="c",
                                    reply_to="r", expiration="60000", message_id="m", timestamp=77, type="t",
                                    user_id="guest", app_id="a", headers=headers)
        channel.basic_publish("", name, b"x" * 500_000, sent)
        _, properties, body = channel.basic_get(name, auto_ack=True)
        while body is None:
            _, properties, body = channel.basic_get(name, auto_ack=True)
        assert body == b"x" * 500_000
        assert properties == sent, (properties, sent)


@check
def rejects_requeue_and_mark():
    with connect() as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        name = queue(channel, "requeue")
        for body in (b"a", b"b"):
            channel.basic_publish("", name, body, PERSISTENT)
        first, _, _ = channel.basic_get(name)
        assert not first.redelivered
        channel.basic_nack(first.delivery_tag, requeue=True)
        again, _, body = channel.basic_get(name)
        assert (again.redelivered, body) == (True, b"a")


@check
def mandatory_messages_come_back():
    with connect() as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        try:
            channel.basic_publish("", RUN + "-nowhere", b"x", mandatory=True)
        except UnroutableError as error:
            assert error.messages[0].method.reply_code == 312
        else:
            raise AssertionError("it was routed")


@check
def exchanges_route():
    with connect() as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        for kind in ("direct", "fanout", "topic", "headers"):
            exchange = f"{RUN}-{kind}"
            channel.exchange_declare(exchange, kind, auto_delete=True)
            name = queue(channel, kind)
            channel.queue_bind(name, exchange, "a.#" if kind == "topic" else "a.b",
                               {"x-match": "any", "k": "v"} if kind == "headers" else None)
            for key, headers in (("a.b", {"k": "v"}), ("z", {"k": "w"})):
                channel.basic_publish(exchange, key, key.encode(), pika.BasicProperties(headers=headers))
            expected = [b"a.b", b"z"] if kind == "fanout" else [b"a.b"]
            assert drain(channel, name) == expected, kind


@check
def errors_have_rabbitmqs_codes_and_texts():
    refused(404, "NOT_FOUND - no queue 'nix' in vhost '/'", lambda c: c.queue_declare("nix", passive=True))
    refused(404, "NOT_FOUND - no exchange 'nix' in vhost '/'", lambda c: c.exchange_declare("nix", passive=True))
    refused(406, "PRECONDITION_FAILED - unknown delivery tag 5", lambda c: (c.basic_ack(5), c.basic_qos(prefetch_count=1)))
    refused(403, "ACCESS_REFUSED", lambda c: c.queue_declare("amq.mine"))
    refused(403, "ACCESS_REFUSED", lambda c: c.exchange_declare("amq.mine", "direct"))


@check
def transactions_commit_and_roll_back():
    with connect() as connection:
        channel = connection.channel()
        name = queue(channel, "tx")
        channel.tx_select()
        channel.basic_publish("", name, b"gone", PERSISTENT)
        channel.tx_rollback()
        channel.basic_publish("", name, b"kept", PERSISTENT)
        channel.tx_commit()
        with connect() as other:
            assert drain(other.channel(), name) == [b"kept"]


@check
def message_ttl_and_dead_letters():
    with connect() as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        dead = queue(channel, "dead")
        name = queue(channel, "ttl", arguments={"x-message-ttl": 100, "x-dead-letter-exchange": "",
                                                "x-dead-letter-routing-key": dead})
        channel.basic_publish("", name, b"x", PERSISTENT)
        deadline = time.monotonic() + LIMIT_S
        method = None
        while method is None and time.monotonic() < deadline:
            method, properties, _ = channel.basic_get(dead, auto_ack=True)
        assert method is not None, "nothing was dead-lettered"
        death = properties.headers["x-death"][0]
        assert (death["queue"], death["reason"], death["count"]) == (name, "expired", 1), death


@check
def full_queues_refuse():
    with connect() as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        name = queue(channel, "full", arguments={"x-max-length": 1, "x-overflow": "reject-publish"})
        channel.basic_publish("", name, b"a", PERSISTENT)
        try:
            channel.basic_publish("", name, b"b", PERSISTENT)
        except NackError:
            pass
        else:
            raise AssertionError("it was taken")
        assert drain(channel, name) == [b"a"]


@check
def heartbeats_keep_a_quiet_connection():
    with connect(heartbeat=1) as connection:
        channel = connection.channel()
        connection.sleep(4)
        assert channel.is_open
        queue(channel, "alive", auto_delete=True)


@check
def a_wrong_password_is_refused():
    try:
        connect(credentials=pika.PlainCredentials("guest", "wrong"))
    except (pika.exceptions.ProbableAuthenticationError, ConnectionClosedByBroker):
        return
    raise AssertionError("it was let in")


sys.exit(run_checks("pika"))
