package io.taffrail.log.local.inspect;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.local.StoredDirectory;
import io.taffrail.log.local.journal.JournalEntry;
import io.taffrail.log.local.journal.JournalFileReader;
import io.taffrail.log.local.journal.JournalFileReader.End;
import io.taffrail.log.local.journal.JournalFileReader.Group;
import io.taffrail.log.local.journal.JournalFileReader.Header;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A check of all journal files. */
final class JournalCheck {

    private static final int VERSION = 1;

    private final StoredDirectory directory;
    private final Consumer<Finding> findings;
    private long lastGroup;
    private boolean sound = true;

    /** A file with a valid header. */
    private record Begun(Path path, Header header) {}

    JournalCheck(StoredDirectory directory, Consumer<Finding> findings) {
        this.directory = directory;
        this.findings = findings;
    }

    /** Checks the files; returns false if the journal cannot be replayed. */
    boolean run(long afterGroup, boolean clean) throws IOException {
        List<Begun> files = begun();
        if (files.isEmpty() && !clean) {
            damage(directory.journal(), -1,
                    "there is no journal file, but the last stop was not a clean one");
        }
        if (!files.isEmpty()) {
            requireNext(files.getLast(), afterGroup);
        }
        lastGroup = afterGroup;
        for (int i = 0; i < files.size(); i++) {
            try (JournalFileReader reader = new JournalFileReader(directory.disk(),
                    files.get(i).path)) {
                file(reader, files.get(i), afterGroup);
            } catch (IOException | UncheckedIOException e) {
                unreadable(files.get(i).path, e);
            }
        }
        return sound;
    }

    private void requireNext(Begun newest, long afterGroup) {
        long number = newest.header.number();
        if (newest.header.continuation().filter(it -> it.isMissed(number, afterGroup))
                .isPresent()) {
            damage(newest.path, -1, "the journal file that follows it is missing");
        }
    }

    private List<Begun> begun() throws IOException {
        List<Begun> begun = new ArrayList<>();
        for (String name : directory.disk().list(directory.journal())) {
            Path path = directory.journal().resolve(name);
            if (!name.endsWith(".journal")) {
                findings.accept(Finding.note(path, -1, "no file of the journal"));
                continue;
            }
            try (JournalFileReader reader = new JournalFileReader(directory.disk(), path)) {
                Optional<Header> header = reader.header();
                if (header.isPresent() && fits(path, header.get())) {
                    begun.add(new Begun(path, header.get()));
                } else if (header.isEmpty() && !reader.isBlank()) {
                    damage(path, 0, "the header is damaged");
                }
            } catch (IOException | UncheckedIOException e) {
                unreadable(path, e);
            }
        }
        begun.sort(Comparator.comparingLong(it -> it.header.number()));
        return begun;
    }

    private void unreadable(Path path, Exception cause) {
        damage(path, -1, "cannot be read: " + cause);
    }

    private boolean fits(Path path, Header header) {
        if (header.version() != VERSION) {
            damage(path, 12, "has journal version %d; this version reads %d"
                    .formatted(header.version(), VERSION));
            return false;
        }
        if (!header.directory().equals(directory.id())) {
            damage(path, 24, "belongs to the data directory with id " + header.directory()
                    + "; move it away");
            return false;
        }
        return true;
    }

    private void file(JournalFileReader reader, Begun file, long afterGroup) throws IOException {
        End end = reader.read(file.header.number(), new JournalFileReader.Visitor() {

            @Override
            public void group(Group group) {
                if (group.number() > afterGroup && group.number() != lastGroup + 1) {
                    damage(file.path, group.position(),
                            "group %d where %d was expected; groups are missing"
                                    .formatted(group.number(), lastGroup + 1));
                }
                lastGroup = Math.max(lastGroup, group.number());
            }

            @Override
            public void entry(Group group, long position, JournalEntry entry) {
                if (entry instanceof JournalEntry.Append append && !BatchHeader
                        .isWhole(append.batch(), 0, append.batch().limit())) {
                    damage(file.path, position, "the batch of log " + append.log()
                            + " has a wrong checksum, but its group a right one");
                }
            }
        });
        if (end.laterGroup() >= 0) {
            damage(file.path, end.position(),
                    "group %d is not readable, but a later one at %d is".formatted(lastGroup + 1,
                            end.laterGroup()));
        } else if (end.torn()) {
            findings.accept(Finding.note(file.path, end.position(), "group " + (lastGroup + 1)
                    + " is torn: it was being written at the stop, and is dropped"));
        }
    }

    private void damage(Path file, long position, String text) {
        sound = false;
        findings.accept(Finding.damage(file, position, text));
    }

    /** Converts an exception whose message names file and position into a finding. */
    static Finding of(Path file, LogFailedException damage) {
        String text = String.valueOf(damage.getMessage());
        return Finding.damage(file, -1,
                text.startsWith(file + " ") ? text.substring(file.toString().length() + 1) : text);
    }
}
