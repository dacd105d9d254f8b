package io.taffrail.cli.log;

import io.taffrail.cli.terminal.Output;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.MalformedBatchException;
import io.taffrail.log.batch.RecordView;
import io.taffrail.log.batch.RecordWalker;
import io.taffrail.net.json.Json;
import io.taffrail.net.json.JsonBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints the batches of one file, as text or JSON. */
final class BatchDump {

    private static final int SHOWN_CHARS = 120;
    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");

    private final Output out;
    private final Path file;
    private final boolean json;
    private final boolean records;
    private boolean named;

    BatchDump(Output out, Path file, boolean json, boolean records) {
        this.out = out;
        this.file = file;
        this.json = json;
        this.records = records;
    }

    void print(long position, ByteBuffer batch, boolean sound) {
        if (!json && !named) {
            out.line(file.toString());
            named = true;
        }
        if (!json) {
            out.line(text(position, batch, sound));
        } else if (!records) {
            out.line(Json.write(object(position, batch, sound)));
        }
        if (records && sound) {
            records(position, batch);
        }
    }

    private static String text(long position, ByteBuffer batch, boolean sound) {
        StringBuilder text = new StringBuilder(160);
        text.append("position ").append(position).append("  offsets ")
                .append(BatchHeader.baseOffset(batch, 0)).append("..")
                .append(BatchHeader.lastOffset(batch, 0)).append("  records ")
                .append(BatchHeader.recordCount(batch, 0)).append("  bytes ").append(batch.limit())
                .append("  epoch ").append(BatchHeader.leaderEpoch(batch, 0)).append("  codec ")
                .append(codec(batch)).append("  time ").append(time(batch));
        if (BatchHeader.producerId(batch, 0) >= 0) {
            text.append("  producer ").append(BatchHeader.producerId(batch, 0)).append('/')
                    .append(BatchHeader.producerEpoch(batch, 0)).append(" sequence ")
                    .append(BatchHeader.baseSequence(batch, 0));
        }
        text.append(BatchHeader.isTransactional(batch, 0) ? "  transactional" : "")
                .append(BatchHeader.isControl(batch, 0) ? "  control" : "")
                .append(sound ? "" : "  CHECKSUM WRONG");
        return text.toString();
    }

    private Map<String, @Nullable Object> object(long position, ByteBuffer batch, boolean sound) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("file", file);
        object.put("position", position);
        object.put("base_offset", BatchHeader.baseOffset(batch, 0));
        object.put("last_offset", BatchHeader.lastOffset(batch, 0));
        object.put("records", BatchHeader.recordCount(batch, 0));
        object.put("bytes", batch.limit());
        object.put("epoch", BatchHeader.leaderEpoch(batch, 0));
        object.put("codec", codec(batch));
        object.put("max_timestamp", BatchHeader.maxTimestamp(batch, 0));
        object.put("producer_id", BatchHeader.producerId(batch, 0));
        object.put("producer_epoch", BatchHeader.producerEpoch(batch, 0));
        object.put("base_sequence", BatchHeader.baseSequence(batch, 0));
        object.put("transactional", BatchHeader.isTransactional(batch, 0));
        object.put("control", BatchHeader.isControl(batch, 0));
        object.put("checksum_right", sound);
        return object;
    }

    private void records(long position, ByteBuffer batch) {
        try (RecordWalker walker = new RecordWalker(batch, 0)) {
            walker.forEachRemaining(it -> out.line(json
                    ? Json.write(record(position, it))
                    : "  offset %d  time %d  key %s  value %s".formatted(it.offset(),
                            it.timestampMs(), shown(it.key()), shown(it.value()))));
        } catch (MalformedBatchException e) {
            out.line("  records cannot be read: " + e.getMessage());
        }
    }

    private Map<String, @Nullable Object> record(long position, RecordView record) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("file", file);
        object.put("position", position);
        object.put("offset", record.offset());
        object.put("timestamp", record.timestampMs());
        JsonBytes.put("key", bytes(record.key()), object);
        JsonBytes.put("value", bytes(record.value()), object);
        List<Object> headers = new ArrayList<>();
        for (RecordView.Header header : record.headers()) {
            Map<String, @Nullable Object> entry = new LinkedHashMap<>();
            entry.put("name", header.name());
            JsonBytes.put("value", bytes(header.value()), entry);
            headers.add(entry);
        }
        object.put("headers", headers);
        return object;
    }

    private static String shown(@Nullable ByteBuffer value) {
        if (value == null) {
            return "null";
        }
        String text = StandardCharsets.UTF_8.decode(value.duplicate()).toString();
        String cut = text.length() <= SHOWN_CHARS ? text : text.substring(0, SHOWN_CHARS) + "…";
        return Json.write(cut) + (cut.equals(text) ? "" : " (" + value.remaining() + " bytes)");
    }

    private static byte @Nullable [] bytes(@Nullable ByteBuffer value) {
        if (value == null) {
            return null;
        }
        byte[] bytes = new byte[value.remaining()];
        value.duplicate().get(bytes);
        return bytes;
    }

    private static String codec(ByteBuffer batch) {
        int code = BatchHeader.compression(batch, 0);
        return code < CODECS.size() ? CODECS.get(code) : "unknown " + code;
    }

    private static String time(ByteBuffer batch) {
        long ms = BatchHeader.maxTimestamp(batch, 0);
        return ms < 0 ? "-" : Instant.ofEpochMilli(ms).toString();
    }
}
