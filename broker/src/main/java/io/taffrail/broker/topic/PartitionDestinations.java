package io.taffrail.broker.topic;

import io.taffrail.broker.outbox.Destinations;
import io.taffrail.broker.outbox.OutboxDestination;
import io.taffrail.broker.turn.LogReplay;
import io.taffrail.log.LogId;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The partitions of topics as destinations of outboxes. Safe for any thread. */
public final class PartitionDestinations implements Destinations {

    private final Topics topics;

    public PartitionDestinations(Topics topics) {
        this.topics = topics;
    }

    @Override
    public Optional<OutboxDestination> find(LogId id) {
        return TopicNames.partition(id)
                .flatMap(at -> topics.find(at.topic())
                        .flatMap(topic -> topic.partition(at.index())
                                .map(it -> new PartitionDestination(it,
                                        topic.config().intake()))));
    }

    /** A partition as a destination. */
    private final class PartitionDestination implements OutboxDestination {

        private final Partition partition;
        private final IntakeRules intake;

        PartitionDestination(Partition partition, IntakeRules intake) {
            this.partition = partition;
            this.intake = intake;
        }

        @Override
        public WritableLog log() {
            return partition.log();
        }

        @Override
        public Owner owner() {
            return partition.owner();
        }

        /**
         * Checks the batch again, because the topic may have become compacted since it was sent.
         */
        @Override
        public Admission admit(ByteBuffer batch) {
            if (partition.offline().isPresent()) {
                return new Admission.NotNow("offline: " + partition.offline().get());
            }
            if (!intake.keysRequired()) {
                return new Admission.Whole();
            }
            BatchBuilder rest = new BatchBuilder(batch.remaining());
            int[] dropped = new int[1];
            LogReplay.walk(batch.duplicate(), 0, record -> {
                if (record.key() == null) {
                    dropped[0]++;
                } else {
                    rest.add(record.timestampMs(), record.key(), record.value(),
                            record.headers());
                }
            });
            return dropped[0] == 0
                    ? new Admission.Whole()
                    : new Admission.Reduced(
                            rest.count() == 0 ? Optional.empty() : Optional.of(rest.build()),
                            dropped[0], "a compacted topic takes messages with a key only");
        }

        @Override
        public void failed() {
            topics.reopen(partition);
        }
    }
}
