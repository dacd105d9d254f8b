package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.topic.TopicNames;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueTopicNamesTest {

    @ParameterizedTest
    @CsvSource({"/,orders,orders", "/,a.b_c-1,a.b_c-1", "/,a b,vhost._2f.queue.a_20b",
        "/,ü,vhost._2f.queue._c3_bc", "/,vhost.x,vhost._2f.queue.vhost_2ex",
        "/,__consumer_offsets,vhost._2f.queue._5f_5fconsumer_5foffsets",
        "/,.,vhost._2f.queue._2e", "dev,orders,vhost.dev.queue.orders",
        "a.b,q,vhost.a_2eb.queue.q"})
    void areTheQueuesWhereTheyCanBe(String host, String queue, String topic) {
        assertThat(QueueTopicNames.of(host, queue)).isEqualTo(topic);
    }

    @Test
    void areNeverTooLongAndNeverShared() {
        List<String> queues = List.of("q".repeat(249), "q".repeat(250), "q".repeat(255),
                "q".repeat(254) + "r", " ".repeat(255), " ".repeat(254));

        Set<String> topics = queues.stream().map(queue -> QueueTopicNames.of("/", queue))
                .collect(Collectors.toSet());

        assertThat(topics).hasSize(queues.size())
                .allSatisfy(topic -> assertThat(TopicNames.problem(topic)).isEmpty());
    }
}
