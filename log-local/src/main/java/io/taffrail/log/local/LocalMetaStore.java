package io.taffrail.log.local;

import io.taffrail.log.AppendResult;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.RecordView;
import io.taffrail.log.batch.RecordWalker;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.LogSlice;
import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.Registration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A store of keys and values in a log: one batch for each transaction and one record for each
 * change. The record's key is the key; its value is the new version (int64) and the new value,
 * or null for a delete.
 *
 * <p>
 * When the log has grown to several times the size of the current entries, all entries are written
 * again at its end and the log is trimmed before them.
 */
final class LocalMetaStore implements MetaStore {

    private static final int MAX_VALUE_BYTES = 1 << 20;
    private static final long REWRITE_AT_LEAST_BYTES = 4 << 20;
    private static final int REWRITE_FACTOR = 4;
    private static final int REWRITE_BATCH_BYTES = 1 << 20;
    private static final int READ_BYTES = 1 << 20;
    private static final String LEASES = "~lease/";

    private record Watch(String prefix, Watcher watcher) {}

    private final LocalLog log;
    private final InstantSource clock;
    private final ConcurrentSkipListMap<String, Versioned> durable = new ConcurrentSkipListMap<>();
    private final Map<String, Versioned> latest = new HashMap<>();
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private long rewrittenAtBytes;

    /** Reads the whole log. Its owner must be a thread that serves this store only. */
    LocalMetaStore(LocalLog log, InstantSource clock) throws IOException {
        this.log = log;
        this.clock = clock;
        long offset = log.startOffset();
        while (offset < log.durableEnd()) {
            long next = load(offset);
            if (next <= offset) {
                throw new LogFailedException("%s is damaged: no metadata can be read at offset %d"
                        .formatted(log.stored().folder(), offset));
            }
            offset = next;
        }
        latest.putAll(durable);
    }

    private long load(long from) throws IOException {
        ReadResult result = log.read(from, Long.MAX_VALUE, READ_BYTES, true);
        if (!(result instanceof ReadResult.Batches batches)) {
            throw new LogFailedException(
                    "the metadata in " + log.stored().folder() + " cannot be read: " + result);
        }
        try (LogSlice slice = batches.slice()) {
            ByteBuffer bytes = bytes(slice);
            long offset = from;
            int at = 0;
            while (BatchHeader.isFramed(bytes, at, bytes.limit())) {
                if (!BatchHeader.isWhole(bytes, at, bytes.limit())) {
                    throw new LogFailedException(
                            "%s is damaged at offset %d: the checksum of the metadata is wrong; restore it from a backup"
                                    .formatted(log.stored().folder(), offset));
                }
                replay(bytes, at);
                offset = BatchHeader.lastOffset(bytes, at) + 1;
                at += BatchHeader.sizeBytes(bytes, at);
            }
            return offset;
        }
    }

    private static ByteBuffer bytes(LogSlice slice) throws IOException {
        return switch (slice) {
            case LogSlice.BufferSlice buffer -> buffer.buffer().duplicate();
            case LogSlice.FileSlice file -> {
                ByteBuffer bytes = ByteBuffer.allocate(file.sizeBytes());
                file.channel().read(bytes, file.position());
                yield bytes.flip();
            }
        };
    }

    private void replay(ByteBuffer batch, int at) {
        try (RecordWalker records = new RecordWalker(batch, at)) {
            while (records.hasNext()) {
                RecordView record = records.next();
                String key = StandardCharsets.UTF_8.decode(keyOf(record)).toString();
                ByteBuffer value = record.value();
                if (value == null) {
                    durable.remove(key);
                } else {
                    long version = value.getLong();
                    byte[] bytes = new byte[value.remaining()];
                    value.get(bytes);
                    durable.put(key, new Versioned(bytes, version));
                }
            }
        }
    }

    private static ByteBuffer keyOf(RecordView record) {
        ByteBuffer key = record.key();
        if (key == null) {
            throw new LogFailedException(
                    "the metadata has a record without a key at offset " + record.offset());
        }
        return key;
    }

    @Override
    public Optional<Versioned> get(String key) {
        return Optional.ofNullable(durable.get(key));
    }

    @Override
    public NavigableMap<String, Versioned> children(String prefix) {
        TreeMap<String, Versioned> found = new TreeMap<>();
        for (Map.Entry<String, Versioned> entry : durable.tailMap(prefix, true).entrySet()) {
            if (!entry.getKey().startsWith(prefix)) {
                break;
            }
            found.put(entry.getKey(), entry.getValue());
        }
        return Collections.unmodifiableNavigableMap(found);
    }

    @Override
    public CompletableFuture<Boolean> apply(Iterable<? extends Change> changes) {
        List<Change> all = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (Change change : changes) {
            if (!keys.add(change.key())) {
                throw new IllegalArgumentException("two changes of key '" + change.key() + "'");
            }
            if (change instanceof Change.Put put && put.value().length > MAX_VALUE_BYTES) {
                throw new IllegalArgumentException(
                        "value of '%s' has %d bytes, at most %d are allowed"
                                .formatted(put.key(), put.value().length, MAX_VALUE_BYTES));
            }
            all.add(change);
        }
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        log.owner().execute(
                () -> Guard.run(() -> applyOwned(all, done), done::completeExceptionally));
        return done;
    }

    private void applyOwned(List<Change> changes, CompletableFuture<Boolean> done) {
        for (Change change : changes) {
            Versioned present = latest.get(change.key());
            if ((present == null ? 0 : present.version()) != change.expectedVersion()) {
                done.complete(false);
                return;
            }
        }
        if (changes.isEmpty()) {
            done.complete(true);
            return;
        }
        switch (log.append(encode(changes))) {
            case AppendResult.Stored stored -> {
                changes.forEach(this::applyLatest);
                var _ = stored.durable().whenComplete((none, failure) -> {
                    if (failure == null) {
                        changes.forEach(this::publish);
                        done.complete(true);
                        Guard.run("MET-002", "writing the current metadata again",
                                this::rewriteIfGrown);
                    } else {
                        done.completeExceptionally(failure);
                    }
                });
            }
            case AppendResult.Refused refused -> done.completeExceptionally(
                    new LogFailedException("the metadata was not stored: " + refused.detail()));
            case AppendResult.Duplicate duplicate ->
                throw new IllegalStateException("metadata has no producer: " + duplicate);
        }
    }

    private static Versioned after(Change.Put put) {
        return new Versioned(put.value(), put.expectedVersion() + 1);
    }

    private void applyLatest(Change change) {
        switch (change) {
            case Change.Put put -> latest.put(put.key(), after(put));
            case Change.Delete delete -> latest.remove(delete.key());
        }
    }

    private void publish(Change change) {
        Optional<Versioned> now = switch (change) {
            case Change.Put put -> Optional.of(after(put));
            case Change.Delete delete -> Optional.empty();
        };
        now.ifPresentOrElse(it -> durable.put(change.key(), it),
                () -> durable.remove(change.key()));
        for (Watch watch : watches) {
            if (change.key().startsWith(watch.prefix)) {
                Guard.run("MET-001", "a watcher of the metadata " + watch.prefix,
                        () -> watch.watcher.changed(change.key(), now));
            }
        }
    }

    private ByteBuffer encode(List<Change> changes) {
        BatchBuilder batch = new BatchBuilder();
        for (Change change : changes) {
            switch (change) {
                case Change.Put put -> addTo(batch, put.key(), after(put));
                case Change.Delete delete ->
                    batch.add(clock.millis(), delete.key().getBytes(StandardCharsets.UTF_8), null);
            }
        }
        return batch.build();
    }

    private void addTo(BatchBuilder batch, String key, Versioned value) {
        batch.add(clock.millis(), key.getBytes(StandardCharsets.UTF_8),
                ByteBuffer.allocate(8 + value.value().length).putLong(value.version())
                        .put(value.value()).array());
    }

    /**
     * Writes all current entries again and trims the log before them, if most of the
     * log is obsolete.
     */
    private void rewriteIfGrown() {
        long size = log.sizeBytes();
        if (size < REWRITE_AT_LEAST_BYTES || size < REWRITE_FACTOR * rewrittenAtBytes) {
            return;
        }
        log.roll();
        long from = log.nextOffset();
        List<Map.Entry<String, Versioned>> left = new ArrayList<>(new TreeMap<>(latest).entrySet());
        AppendResult last = null;
        long written = 0;
        for (int i = 0; i < left.size();) {
            BatchBuilder batch = new BatchBuilder();
            while (i < left.size() && batch.sizeBytes() < REWRITE_BATCH_BYTES) {
                addTo(batch, left.get(i).getKey(), left.get(i).getValue());
                i++;
            }
            ByteBuffer built = batch.build();
            written += built.remaining();
            last = log.append(built);
            if (!(last instanceof AppendResult.Stored)) {
                return;
            }
        }
        rewrittenAtBytes = Math.max(written, REWRITE_AT_LEAST_BYTES / REWRITE_FACTOR);
        if (last instanceof AppendResult.Stored stored) {
            var _ = stored.durable().thenRun(() -> log.trimTo(from));
        }
    }

    @Override
    public CompletableFuture<Lease> acquire(String name) {
        String key = LEASES + name;
        Optional<Versioned> present = get(key);
        int epoch = present.map(it -> ByteBuffer.wrap(it.value()).getInt() + 1).orElse(0);
        Change.Put change = new Change.Put(key, present.map(Versioned::version).orElse(0L),
                ByteBuffer.allocate(4).putInt(epoch).array());
        return apply(List.of(change)).thenCompose(
                done -> done
                        ? CompletableFuture.completedFuture(new Lease(name, epoch))
                        : acquire(name));
    }

    @Override
    public Registration watch(String prefix, Watcher watcher) {
        Watch watch = new Watch(prefix, watcher);
        watches.add(watch);
        return () -> watches.remove(watch);
    }
}
