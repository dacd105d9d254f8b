package io.taffrail.testkit.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The {@code taffrail} command in its own process. */
public final class Cli {

    private static final int PATIENCE_SECONDS = 60;

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
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                "io.taffrail.cli.Main"));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("TAFFRAIL_"));
        builder.environment().put("TAFFRAIL_BOOTSTRAP", bootstrap);
        return builder.start();
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
