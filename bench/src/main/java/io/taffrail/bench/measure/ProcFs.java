package io.taffrail.bench.measure;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Reads Linux's {@code /proc}: figures of processes, threads and the machine. */
public final class ProcFs {
    /** {@code USER_HZ}, which is 100 on every current Linux. */
    private static final double TICKS_PER_SECOND = 100;

    private ProcFs() {}

    /**
     * Returns the user and system time of a process with all its threads, in seconds;
     * 0 if it has ended.
     */
    public static double cpuSeconds(long pid) throws IOException {
        try {
            return stat(Path.of("/proc", Long.toString(pid), "stat")).cpuSeconds();
        } catch (NoSuchFileException gone) {
            return 0;
        }
    }

    /** Returns {@code VmRSS} in MiB; 0 if the process has ended. */
    public static double residentMiB(long pid) throws IOException {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum() / 1024.0;
        } catch (NoSuchFileException gone) {
            return 0;
        }
    }

    /** Returns the processor time of each live thread, by thread id. */
    public static Map<Long, Stat> threads(long pid) throws IOException {
        var threads = new HashMap<Long, Stat>();
        Path tasks = Path.of("/proc", Long.toString(pid), "task");
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(tasks)) {
            for (Path task : entries) {
                try {
                    threads.put(Long.valueOf(task.getFileName().toString()),
                            stat(task.resolve("stat")));
                } catch (IOException ended) {
                    // ESRCH or ENOENT: the thread ended between the listing and the read.
                    continue;
                }
            }
        } catch (NoSuchFileException gone) {
            return Map.of();
        }
        return threads;
    }

    /** Returns the seconds that the machine's cores were not idle, summed over the cores. */
    public static double machineBusySeconds() throws IOException {
        String[] fields = Files.readAllLines(Path.of("/proc/stat")).getFirst().trim().split("\\s+");
        double ticks = 0;
        for (int i = 1; i <= 8; i++) {
            boolean idle = i == 4 || i == 5;
            ticks += idle ? 0 : Double.parseDouble(fields[i]);
        }
        return ticks / TICKS_PER_SECOND;
    }

    private static Stat stat(Path file) throws IOException {
        String line = Files.readString(file);
        int nameEnd = line.lastIndexOf(')');
        String[] fields = line.substring(nameEnd + 2).split(" ");
        double ticks = Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
        return new Stat(line.substring(line.indexOf('(') + 1, nameEnd), ticks / TICKS_PER_SECOND);
    }

    /**
     * Fields 2, 14 and 15 of {@code stat} (proc_pid_stat(5)): name,
     * and user plus system time in seconds.
     */
    public record Stat(String name, double cpuSeconds) {}
}
