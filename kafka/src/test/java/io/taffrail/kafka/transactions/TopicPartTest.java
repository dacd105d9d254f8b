package io.taffrail.kafka.transactions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A transaction of many partitions takes no long search, whatever the names of the topics. */
class TopicPartTest {

    @Test
    void hashCodesOfSimilarNamesDiffer() {
        Set<Integer> codes = new HashSet<>();
        for (int topic = 0; topic < 10; topic++) {
            for (int index = 0; index < 1000; index++) {
                codes.add(new TopicPart("orders-" + topic, index).hashCode());
            }
        }

        assertThat(codes).hasSizeGreaterThan(9_990);
    }

    /** With a search along all names of equal hashes this takes minutes. */
    @Test
    @Timeout(60)
    void namesOfEqualHashesAreFoundFast() {
        List<String> names = List.of("");
        for (int i = 0; i < 14; i++) {
            names = names.stream().<String>mapMulti((name, next) -> {
                next.accept(name + "Aa");
                next.accept(name + "BB");
            }).toList();
        }
        Set<TopicPart> all = new HashSet<>();
        names.forEach(name -> all.add(new TopicPart(name, 0)));
        TransactionalId state = TransactionalId.first("x", 7, 1000, 10).with(all, 20);

        for (int index = 1; index <= 100; index++) {
            state = state.with(Set.of(new TopicPart("t", index)), 30);
            assertThat(state.partitions().containsAll(all)).isTrue();
        }
        assertThat(state.partitions()).hasSize(all.size() + 100);
    }
}
