package io.taffrail.log.local.inspect;

import io.taffrail.log.local.StoredDirectory;
import io.taffrail.log.local.journal.JournalEntry;
import io.taffrail.log.local.journal.JournalFileReader;
import io.taffrail.log.local.journal.JournalFileReader.End;
import io.taffrail.log.local.journal.JournalFileReader.Group;
import io.taffrail.log.local.journal.JournalFileReader.Header;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A summary of one journal file.
 *
 * @param number
 *            number of the file; -1 if it was never begun
 * @param firstGroup
 *            number of the first group; -1 if there is none
 * @param end
 *            position behind the last whole group, in bytes
 * @param remark
 *            an irregularity; empty if there is none
 */
public record JournalSummary(Path file, long number, long firstGroup, long lastGroup, long entries,
        long end, long sizeBytes, String remark) {

    /** Returns the summaries of all files, ordered by number. */
    public static List<JournalSummary> all(StoredDirectory directory) throws IOException {
        List<JournalSummary> files = new ArrayList<>();
        for (String name : directory.disk().list(directory.journal())) {
            if (name.endsWith(".journal")) {
                files.add(of(directory, directory.journal().resolve(name)));
            }
        }
        files.sort(Comparator.comparingLong(JournalSummary::number));
        return files;
    }

    private static JournalSummary of(StoredDirectory directory, Path file) throws IOException {
        try (JournalFileReader reader = new JournalFileReader(directory.disk(), file)) {
            Optional<Header> header = reader.header();
            if (header.isEmpty()) {
                return new JournalSummary(file, -1, -1, -1, 0, 0, reader.sizeBytes(),
                        reader.isBlank() ? "spare" : "header damaged");
            }
            Counter counter = new Counter();
            End end = reader.read(header.get().number(), counter);
            boolean ours = header.get().directory().equals(directory.id());
            String remark = ours ? end.torn() ? "torn at its end" : "" : "of another directory";
            return new JournalSummary(file, header.get().number(), counter.first, counter.last,
                    counter.entries, end.position(), reader.sizeBytes(), remark);
        }
    }

    /** The range of group numbers as text. */
    public String groups() {
        return firstGroup < 0 ? "-" : firstGroup + ".." + lastGroup;
    }

    private static final class Counter implements JournalFileReader.Visitor {

        private long first = -1;
        private long last = -1;
        private long entries;

        @Override
        public void group(Group group) {
            first = first < 0 ? group.number() : first;
            last = group.number();
        }

        @Override
        public void entry(Group group, long position, JournalEntry entry) {
            entries++;
        }
    }
}
