package io.taffrail.cli.verify;

import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Directory for the files of a run: a named one, or a temporary one that is deleted after the run.
 */
record WorkDirectory(Path path, boolean temporary) implements AutoCloseable {

    static WorkDirectory of(Optional<Path> named) throws IOException {
        if (named.isEmpty()) {
            return new WorkDirectory(Files.createTempDirectory("taffrail-verify"), true);
        }
        Path path = Files.createDirectories(named.get().toAbsolutePath());
        try (Stream<Path> files = Files.list(path)) {
            if (files.findAny().isPresent()) {
                throw new Failure(ExitCode.USAGE, path + " is not empty");
            }
        }
        return new WorkDirectory(path, false);
    }

    @Override
    public void close() throws IOException {
        if (temporary) {
            List<Path> all;
            try (Stream<Path> files = Files.walk(path)) {
                all = files.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path file : all) {
                Files.deleteIfExists(file);
            }
        }
    }
}
