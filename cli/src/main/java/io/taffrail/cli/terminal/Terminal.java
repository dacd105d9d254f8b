package io.taffrail.cli.terminal;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The terminal that output goes to, if any.
 *
 * @param size
 *            its size; empty if output goes elsewhere or the size is unknown
 * @param colours
 *            true if output may contain colours
 */
public record Terminal(Optional<Size> size, boolean colours) {

    /** Size in characters. */
    public record Size(int rows, int columns) {}

    /** Output that goes to a file or another program. */
    public static final Terminal NONE = new Terminal(Optional.empty(), false);

    private static final Logger LOG = LoggerFactory.getLogger(Terminal.class);
    /** Smallest width that output is fitted to, in columns; a narrower terminal wraps lines. */
    private static final int LEAST_COLUMNS = 20;
    private static final long STTY_TIMEOUT_MS = 1_000;
    private static final Pattern SIZE = Pattern.compile("(\\d{1,5}) (\\d{1,5})\\s*");

    /**
     * The terminal of standard output. Asks {@code stty} for the size, because the JDK cannot tell,
     * or the C library where there is no {@code stty}.
     */
    public static Terminal standard() {
        if (Optional.ofNullable(System.console()).filter(Console::isTerminal).isEmpty()) {
            return NONE;
        }
        return new Terminal(stty().or(() -> size(WindowSize.read())), colours(System.getenv()));
    }

    /** Colours are switched off by {@code NO_COLOR}, if it is not empty, and by a dumb terminal. */
    static boolean colours(Map<String, String> environment) {
        return environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    }

    /** Reads "ROWS COLUMNS"; empty for another text, and for sizes that nothing fits into. */
    static Optional<Size> size(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Size size = new Size(Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)));
        return Optional.of(size).filter(it -> it.rows > 1 && it.columns >= LEAST_COLUMNS);
    }

    private static Optional<Size> stty() {
        Process stty;
        try {
            stty = new ProcessBuilder("stty", "size")
                    .redirectInput(Redirect.from(new File("/dev/tty")))
                    .redirectError(Redirect.DISCARD).start();
        } catch (IOException e) {
            LOG.debug("stty cannot be started", e);
            return Optional.empty();
        }
        try {
            if (!stty.waitFor(STTY_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
            return size(
                    new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            LOG.debug("stty cannot be read", e);
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            stty.destroyForcibly();
        }
    }
}
