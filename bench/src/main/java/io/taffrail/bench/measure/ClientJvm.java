package io.taffrail.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs one client program to its end in a JVM with the options of Kafka's own tool scripts. */
public final class ClientJvm {
    private static final List<String> OPTIONS = List.of("-Xmx512M", "-server", "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20", "-XX:InitiatingHeapOccupancyPercent=35",
            "-XX:+ExplicitGCInvokesConcurrent", "-Djava.awt.headless=true");
    private static final long SAMPLE_MS = 200;

    private ClientJvm() {}

    /**
     * @param output
     *            file that keeps what the program printed
     * @param limit
     *            after which the program is killed and the run has failed
     */
    public static Ended run(Path output, Duration limit, String mainClass, String... arguments)
            throws IOException, InterruptedException {
        return run(Jvm.command(OPTIONS, mainClass, arguments), output, limit, mainClass);
    }

    /** The same, of a class that is not on this program's class path. */
    public static Ended runOf(String classPath, Path output, Duration limit, String mainClass,
            String... arguments) throws IOException, InterruptedException {
        return run(Jvm.commandOf(classPath, OPTIONS, mainClass, arguments), output, limit,
                mainClass);
    }

    private static Ended run(List<String> command, Path output, Duration limit, String mainClass)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true).redirectOutput(output.toFile()).start();
        var sampler = new ThreadSampler(process.pid());
        long deadlineNs = System.nanoTime() + limit.toNanos();
        try {
            while (!process.waitFor(SAMPLE_MS, TimeUnit.MILLISECONDS)) {
                sampler.sample();
                if (System.nanoTime() > deadlineNs) {
                    throw new IOException(mainClass + " took over " + limit + ":\n" + tail(output));
                }
            }
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new IOException(
                    mainClass + " exited with " + process.exitValue() + ":\n" + tail(output));
        }
        return new Ended(Files.readAllLines(output), sampler.use());
    }

    private static String tail(Path output) throws IOException {
        List<String> lines = Files.readAllLines(output);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    /** A program that ended well. */
    public record Ended(List<String> lines, ClientUse use) {}
}
