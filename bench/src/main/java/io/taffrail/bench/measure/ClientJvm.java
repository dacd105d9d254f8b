package io.taffrail.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a client program to its end, in a JVM with the options of Kafka's tool scripts. */
public final class ClientJvm {
    private static final List<String> OPTIONS = List.of("-Xmx512M", "-server", "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20", "-XX:InitiatingHeapOccupancyPercent=35",
            "-XX:+ExplicitGCInvokesConcurrent", "-Djava.awt.headless=true");
    private static final long SAMPLE_MS = 200;

    private ClientJvm() {}

    /**
     * Runs a class of this program's class path.
     *
     * @param output
     *            file for the program's output
     * @param limit
     *            time after which the program is killed and the run has failed
     * @throws IOException
     *             if the program fails or exceeds {@code limit}
     */
    public static Ended run(Path output, Duration limit, String mainClass, String... arguments)
            throws IOException, InterruptedException {
        return run(Jvm.command(OPTIONS, mainClass, arguments), output, limit, mainClass);
    }

    /** As {@link #run}, for a class on another class path. */
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
                    throw new IOException(mainClass + " took more than " + limit + ":\n" + tail(output));
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

    /** The output and resource use of a program that exited with status 0. */
    public record Ended(List<String> lines, ClientUse use) {}
}
