package io.taffrail.verify.kafka;

import io.taffrail.verify.history.Action;
import io.taffrail.verify.history.Event;
import io.taffrail.verify.history.Phase;
import io.taffrail.verify.history.Recorder;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads partitions from the first record to the last, without a group. */
final class KafkaScan {

    private static final Duration POLL = Duration.ofMillis(100);

    private final String process;
    private final Recorder recorder;
    private final LongSupplier nanoClock;
    private final Function<TopicPartition, String> places;

    KafkaScan(String process, Function<TopicPartition, String> places, Recorder recorder,
            LongSupplier nanoClock) {
        this.process = process;
        this.places = places;
        this.recorder = recorder;
        this.nanoClock = nanoClock;
    }

    /**
     * Reads with {@code consumer} up to the ends that {@code asker} is told. Where the consumer
     * reads committed data, the asker must not, so that the scan waits for open transactions.
     */
    void run(KafkaConsumer<byte[], byte[]> consumer, KafkaConsumer<byte[], byte[]> asker,
            List<TopicPartition> partitions, Duration limit) {
        long deadlineNs = nanoClock.getAsLong() + limit.toNanos();
        partitions.forEach(partition -> recorder.record(scan(partition, Phase.INVOKE)));
        Set<TopicPartition> left = new HashSet<>(partitions);
        String reason = "timed out";
        try {
            Map<TopicPartition, Long> ends = asker.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            finish(consumer, left, ends);
            while (!left.isEmpty() && nanoClock.getAsLong() < deadlineNs
                    && !Thread.currentThread().isInterrupted()) {
                consumer.poll(POLL).forEach(found -> recorder.record(KafkaMember.reading(process,
                        Action.SCANNED, places.apply(
                                new TopicPartition(found.topic(), found.partition())),
                        found)));
                finish(consumer, left, ends);
            }
        } catch (KafkaException e) {
            reason = e.toString();
        }
        for (TopicPartition partition : left) {
            recorder.record(scan(partition, Phase.FAIL).note(reason));
        }
    }

    private void finish(KafkaConsumer<byte[], byte[]> consumer, Set<TopicPartition> left,
            Map<TopicPartition, Long> ends) {
        left.removeIf(partition -> {
            long end = ends.getOrDefault(partition, Long.MAX_VALUE);
            boolean done = consumer.position(partition) >= end;
            if (done) {
                recorder.record(scan(partition, Phase.OK).offset(end));
            }
            return done;
        });
    }

    private Event scan(TopicPartition partition, Phase phase) {
        return Event.of(process, Action.SCAN, phase, places.apply(partition));
    }
}
