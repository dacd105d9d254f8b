package io.taffrail.verify.kafka;

import io.taffrail.verify.history.Action;
import io.taffrail.verify.history.Event;
import io.taffrail.verify.history.Phase;
import io.taffrail.verify.history.Recorder;
import io.taffrail.verify.load.WorkloadException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** The administrative part of the workloads: readiness, topics, groups and their offsets. */
record KafkaControl(KafkaClients clients, LongSupplier nanoClock) {

    private static final long RETRY_NS = 100_000_000;
    private static final Duration ANSWER = Duration.ofSeconds(2);

    /** Waits until the broker lists itself. */
    void awaitServing(Duration limit) throws InterruptedException {
        long deadlineNs = nanoClock.getAsLong() + limit.toNanos();
        try (Admin admin = clients.admin()) {
            while (true) {
                try {
                    if (!admin.describeCluster().nodes()
                            .get(ANSWER.toMillis(), TimeUnit.MILLISECONDS).isEmpty()) {
                        return;
                    }
                    throw new TimeoutException("the response lists no node");
                } catch (ExecutionException | TimeoutException e) {
                    if (nanoClock.getAsLong() > deadlineNs) {
                        throw new WorkloadException("no Kafka broker responds at "
                                + clients.bootstrap(), e);
                    }
                    LockSupport.parkNanos(RETRY_NS);
                }
            }
        }
    }

    void create(String topic, int partitions) throws InterruptedException {
        try (Admin admin = clients.admin()) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
        } catch (ExecutionException e) {
            throw new WorkloadException("cannot create topic " + topic + ": " + e.getCause(), e);
        }
    }

    /** Records the group's offsets of all partitions. */
    void recordCommitted(String group, List<TopicPartition> partitions, Recorder recorder)
            throws InterruptedException {
        partitions.forEach(partition -> recorder.record(asked(group, partition, Phase.INVOKE)));
        try (Admin admin = clients.admin()) {
            Map<TopicPartition, OffsetAndMetadata> stored = admin
                    .listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
            for (TopicPartition partition : partitions) {
                OffsetAndMetadata offset = stored.get(partition);
                recorder.record(asked(group, partition, Phase.OK)
                        .offset(offset == null ? -1 : offset.offset()));
            }
        } catch (ExecutionException e) {
            partitions.forEach(partition -> recorder.record(asked(group, partition, Phase.FAIL)));
        }
    }

    /** The process must be different for each query in progress; there is only one at a time. */
    private static Event asked(String group, TopicPartition partition, Phase phase) {
        return Event.of("observer", Action.COMMITTED, phase, KafkaClients.place(partition))
                .note(group);
    }

    void remove(List<String> topics, List<String> groups) throws InterruptedException {
        try (Admin admin = clients.admin()) {
            admin.deleteTopics(topics).all().get();
            admin.deleteConsumerGroups(groups).all().get();
        } catch (ExecutionException e) {
            throw new WorkloadException("cannot delete topics " + topics + " or groups " + groups
                    + ": " + e.getCause(), e);
        }
    }
}
