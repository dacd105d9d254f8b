import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that the suite starts, kills with SIGKILL and starts again; its output goes to a file. */
final class Child implements AutoCloseable {

    private static final long STOP_LIMIT_S = 30;

    private final List<String> command;
    private final Map<String, String> environment;
    private final Path log;
    private Process process;

    Child(List<String> command, Map<String, String> environment, Path log) {
        this.command = command;
        this.environment = environment;
        this.log = log;
        // Also an interrupted suite leaves no process behind.
        Runtime.getRuntime().addShutdownHook(new Thread(this::destroy));
    }

    synchronized void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        process = builder.start();
    }

    /** Sends SIGKILL to the process and its children, and waits for its end. */
    void kill() throws InterruptedException {
        if (!process.isAlive()) {
            throw new IllegalStateException(command + " had ended before it was killed:\n" + logTail());
        }
        destroy();
        if (!process.waitFor(STOP_LIMIT_S, TimeUnit.SECONDS)) {
            throw new IllegalStateException(command + " did not end by SIGKILL");
        }
    }

    private synchronized void destroy() {
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Returns the last lines of the output. */
    String logTail() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
        } catch (IOException e) {
            return "cannot read " + log + ": " + e.getMessage();
        }
    }

    @Override
    public void close() {
        destroy();
    }
}
