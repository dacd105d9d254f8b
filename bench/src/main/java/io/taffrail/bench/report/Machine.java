package io.taffrail.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;

/** Describes the machine on which the figures were measured, in one line. */
public final class Machine {
    private Machine() {}

    /**
     * Returns the description.
     *
     * @param work
     *            a directory on the disk to which the brokers write
     */
    public static String describe(Path work) throws IOException {
        String model = field(Path.of("/proc/cpuinfo"), "model name");
        double memoryGiB = Long
                .parseLong(field(Path.of("/proc/meminfo"), "MemTotal").replaceAll("\\D", ""))
                / (1024.0 * 1024);
        return String.format(Locale.ROOT,
                "%d cores of %s, %.1f GiB memory, Linux %s, data on %s (%s), JDK %s (%s), %s",
                Runtime.getRuntime().availableProcessors(), model, memoryGiB,
                Files.readString(Path.of("/proc/sys/kernel/osrelease")).trim(),
                Files.getFileStore(work).type(), Files.getFileStore(work).name(),
                System.getProperty("java.vm.version"), System.getProperty("java.vendor"),
                LocalDate.now(ZoneOffset.UTC));
    }

    private static String field(Path file, String name) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name)).findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).trim()).orElse("unknown");
        }
    }
}
