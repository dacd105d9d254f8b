package io.taffrail.testkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.testkit.TaffrailBroker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Commands that create queues and exchanges, and move messages, without an AMQP client. */
class QueueCommandsIT {

    private final TaffrailBroker broker = TaffrailBroker.start();
    private final Cli cli = new Cli("");

    @AfterEach
    void close() {
        broker.close();
    }

    private Cli.Result taffrail(String... args) throws Exception {
        return with("", args);
    }

    private Cli.Result with(String input, String... args) throws Exception {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--data-dir", broker.dataDir().orElseThrow().toString()));
        return cli.runWith(input, all.toArray(String[]::new));
    }

    private static Cli.Result done(String out) {
        return new Cli.Result(0, out, "");
    }

    @Test
    void messagesGoThroughAnExchangeToAQueueAndOut() throws Exception {
        assertThat(taffrail("queue", "create", "q", "--arguments", "{\"x-max-length\":2,"
                + "\"x-overflow\":\"reject-publish\"}"))
                .isEqualTo(done("created queue q with 0 messages\n"));
        assertThat(taffrail("queue", "declare", "q").code()).isEqualTo(11);
        assertThat(taffrail("exchange", "create", "e", "--type", "topic"))
                .isEqualTo(done("created exchange e\n"));
        assertThat(taffrail("queue", "bind", "q", "e", "--key", "a.*"))
                .isEqualTo(done("bound queue q to exchange e\n"));

        assertThat(with("one\n\ntwo\n", "queue", "publish", "a.b", "-e", "e", "-H", "h=x",
                "--json")).isEqualTo(
                        new Cli.Result(11, "{\"published\":2,\"unrouted\":0,\"rejected\":1}\n",
                                "{\"error\":{\"code\":\"refused\",\"message\":"
                                        + "\"0 not routed to a queue, 1 refused by a queue\"}}\n"));
        assertThat(with("lost\n", "queue", "publish", "nowhere").err())
                .contains("1 not routed to a queue");

        assertThat(taffrail("queue", "get", "q", "-n", "9")).isEqualTo(done("one\n\n"));
        assertThat(taffrail("queue", "get", "q", "--remove", "--json").out())
                .contains("\"exchange\":\"e\"", "\"routing_key\":\"a.b\"", "\"redelivered\":true",
                        "\"headers\":{\"h\":\"x\"}", "\"delivery_mode\":2", "\"body\":\"one\"");
        assertThat(taffrail("queue", "unbind", "q", "e", "--key", "a.*").code()).isZero();
        assertThat(taffrail("queue", "unbind", "q", "e", "--key", "a.*").code()).isEqualTo(4);
        assertThat(taffrail("binding", "create", "e", "amq.fanout", "--to-exchange"))
                .isEqualTo(done("created binding from e to amq.fanout\n"));
        assertThat(taffrail("binding", "list", "--filter", "e").lines().getLast())
                .matches("e +amq.fanout +exchange +\\{}");
        assertThat(taffrail("binding", "delete", "e", "amq.fanout").err()).isEqualTo(
                "taffrail: no such binding of queue 'amq.fanout' to exchange 'e'\n");
        assertThat(taffrail("exchange", "delete", "none", "e")).isEqualTo(new Cli.Result(4,
                "deleted exchange e\n", "taffrail: no exchange 'none' in vhost '/'\n"));
        assertThat(taffrail("queue", "purge", "q"))
                .isEqualTo(done("purged 1 message from queue q\n"));
    }

    @Test
    void mistakesChangeNothing() throws Exception {
        assertThat(taffrail("queue", "create", "amq.q").code()).isEqualTo(11);
        assertThat(taffrail("queue", "create", "").code()).isEqualTo(2);
        assertThat(taffrail("queue", "create", "q", "--arguments", "[1]").err())
                .isEqualTo("taffrail: --arguments must be a JSON object\n");
        assertThat(taffrail("queue", "bind", "q", "amq.direct").code()).isEqualTo(4);
        assertThat(taffrail("queue", "get", "q").code()).isEqualTo(4);
        assertThat(with("x\n", "queue", "publish", "q", "-e", "none").code()).isEqualTo(4);
        assertThat(taffrail("queue", "list", "--filter", "q").lines()).hasSize(1);
    }
}
