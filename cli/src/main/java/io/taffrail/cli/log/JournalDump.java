package io.taffrail.cli.log;

import io.taffrail.cli.terminal.Output;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.local.StoredDirectory;
import io.taffrail.log.local.inspect.JournalSummary;
import io.taffrail.log.local.journal.JournalEntry;
import io.taffrail.log.local.journal.JournalFileReader;
import io.taffrail.log.local.journal.JournalFileReader.Group;
import io.taffrail.net.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Prints entries of the journal, as text or JSON. */
final class JournalDump {

    private final Output out;
    private final boolean json;
    private long left;

    JournalDump(Output out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /** Prints at most {@code count} entries, starting at group {@code fromGroup}. */
    void print(StoredDirectory stored, long fromGroup, long count) throws IOException {
        left = count;
        for (JournalSummary file : JournalSummary.all(stored)) {
            if (file.number() >= 0 && file.lastGroup() >= fromGroup && left > 0) {
                print(stored, file, fromGroup);
            }
        }
    }

    private void print(StoredDirectory stored, JournalSummary file, long fromGroup)
            throws IOException {
        if (!json) {
            out.line(file.file().toString());
        }
        try (JournalFileReader reader = new JournalFileReader(stored.disk(), file.file())) {
            reader.read(file.number(), new JournalFileReader.Visitor() {

                @Override
                public void group(Group group) {
                    if (!json && group.number() >= fromGroup && left > 0) {
                        out.line("position %d  group %d  entries %d  bytes %d".formatted(
                                group.position(), group.number(), group.entries(), group.bytes()));
                    }
                }

                @Override
                public void entry(Group group, long position, JournalEntry entry) {
                    if (group.number() >= fromGroup && left > 0) {
                        left--;
                        Map<String, Object> object = object(file.file(), group, position, entry);
                        out.line(json ? Json.write(object) : text(position, object));
                    }
                }
            });
        }
    }

    private static String text(long position, Map<String, Object> object) {
        StringBuilder text = new StringBuilder("  ").append(position);
        object.forEach((name, value) -> {
            switch (name) {
                case "file", "group", "position" -> {
                }
                case "entry" -> text.append("  ").append(value);
                default -> text.append("  ").append(name).append(' ').append(value);
            }
        });
        return text.toString();
    }

    private static Map<String, Object> object(Path file, Group group, long position,
            JournalEntry entry) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("file", file);
        object.put("group", group.number());
        object.put("position", position);
        object.put("entry", entry.getClass().getSimpleName().toLowerCase(Locale.ROOT));
        if (!entry.log().isEmpty()) {
            object.put("log", entry.log());
        }
        switch (entry) {
            case JournalEntry.Append append -> {
                object.put("segment", append.segmentBase());
                object.put("at", append.position());
                object.put("bytes", append.batch().limit());
                object.put("base_offset", BatchHeader.baseOffset(append.batch(), 0));
                object.put("last_offset", BatchHeader.lastOffset(append.batch(), 0));
            }
            case JournalEntry.Open open ->
                object.put("durability", open.durability().name().toLowerCase(Locale.ROOT));
            case JournalEntry.Trim trim -> object.put("start", trim.startOffset());
            case JournalEntry.Replace replace -> {
                object.put("from", replace.from());
                object.put("to", replace.to());
                object.put("cleaned_to", replace.cleanedTo());
                object.put("segments", replace.segments().size());
            }
            case JournalEntry.Delete delete -> {
            }
            case JournalEntry.Barrier barrier -> {
            }
        }
        return object;
    }
}
