package io.taffrail.cli.records;

import io.taffrail.kafka.client.RecordReader;
import io.taffrail.kafka.client.StoredRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Commits the offsets of printed records at intervals; after a crash, the records since the last
 * commit are printed again.
 */
final class Commits {

    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final RecordReader reader;
    private final InstantSource clock;
    private Instant next;

    Commits(RecordReader reader, InstantSource clock) {
        this.reader = reader;
        this.clock = clock;
        this.next = clock.instant().plus(INTERVAL);
    }

    void printed(List<StoredRecord> records) {
        reader.done(records);
        if (!clock.instant().isBefore(next)) {
            now();
        }
    }

    void now() {
        reader.commit();
        next = clock.instant().plus(INTERVAL);
    }
}
