package io.taffrail.testkit.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The {@code taffrail} command in its own process. The first command that uses a Kafka client
 * leaves an archive of its classes (JEP 350), with which later ones start in half the time.
 */
public final class Cli {

    private static final int PATIENCE_SECONDS = 60;
    private static final Set<String> LOADS_CLIENT = Set.of("topic", "group");
    private static final String CLASS_PATH = Stream
            .of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(it -> !it.endsWith("test-classes"))
            .collect(Collectors.joining(File.pathSeparator));
    /** Whether there can be an archive: it does not support folders of classes. */
    private static final boolean JARS_ALONE = Arrays
            .stream(CLASS_PATH.split(File.pathSeparator, -1)).allMatch(it -> it.endsWith(".jar"));
    private static final Path ARCHIVE = archive();

    /** Exit code and output of a command. */
    public record Result(int code, String out, String err) {

        public List<String> lines() {
            return out.lines().toList();
        }
    }

    private final String bootstrap;

    public Cli(String bootstrap) {
        this.bootstrap = bootstrap;
    }

    public Result run(String... args) throws IOException, InterruptedException {
        return runWith("", args);
    }

    /** Runs a command with {@code input} on its standard input. */
    Result runWith(String input, String... args) throws IOException, InterruptedException {
        Process process = start(args);
        CompletableFuture<String> err = CompletableFuture
                .supplyAsync(() -> text(process.getErrorStream()));
        CompletableFuture<String> out = CompletableFuture
                .supplyAsync(() -> text(process.getInputStream()));
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("no end of " + String.join(" ", args));
        }
        return new Result(process.exitValue(), out.join(), err.join());
    }

    Process start(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED"));
        if (JARS_ALONE) {
            boolean makes = !Files.exists(ARCHIVE) && LOADS_CLIENT.contains(args[0]);
            command.addAll(List.of("-Xlog:disable",
                    (makes ? "-XX:ArchiveClassesAtExit=" : "-XX:SharedArchiveFile=") + ARCHIVE));
        }
        command.addAll(List.of("-cp", CLASS_PATH, "io.taffrail.cli.Main"));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("TAFFRAIL_"));
        builder.environment().put("TAFFRAIL_BOOTSTRAP", bootstrap);
        return builder.start();
    }

    private static Path archive() {
        try {
            Path directory = Files.createTempDirectory("taffrail-cli-");
            directory.toFile().deleteOnExit();
            Path archive = directory.resolve("classes.jsa");
            archive.toFile().deleteOnExit();
            return archive;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
