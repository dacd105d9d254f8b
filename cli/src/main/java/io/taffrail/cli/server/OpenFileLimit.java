package io.taffrail.cli.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files and sockets that the process may have open at once ({@code ulimit -n}), and how they are
 * shared: so many for the process itself, half of the rest at most for segments, what remains for
 * clients. So clients that only connect never take the files that the broker stores in.
 *
 * @param most
 *            {@link Integer#MAX_VALUE} if there is no limit, or none is known
 */
public record OpenFileLimit(int most) {

    /** With fewer the broker is not worth starting. */
    public static final int LEAST = 256;

    private static final Logger LOG = LoggerFactory.getLogger(OpenFileLimit.class);

    /**
     * Jars, files of the JDK, event loops, listeners, journal, files that are opened in passing.
     */
    private static final int OWN = 128;

    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Pattern SOFT = Pattern.compile("(?m)^Max open files\\s+(\\d+)\\s");

    /** That of this process; the JVM has raised it to the hard limit. */
    public static OpenFileLimit ofProcess() {
        try {
            return of(Files.readString(LIMITS, StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.debug("the limit of open files is not known", e);
            return new OpenFileLimit(Integer.MAX_VALUE);
        }
    }

    /** The soft limit in what Linux says of a process. */
    static OpenFileLimit of(String limits) {
        Matcher soft = SOFT.matcher(limits);
        if (!soft.find()) {
            return new OpenFileLimit(Integer.MAX_VALUE);
        }
        String digits = soft.group(1);
        return new OpenFileLimit(digits.length() > 9
                ? Integer.MAX_VALUE
                : Integer.parseInt(digits));
    }

    /** Segments kept open where so many are wanted; at least one. */
    int segments(int wanted) {
        return Math.min(wanted, Math.max(1, (most - OWN) / 2));
    }

    /** Sockets of clients, beside so many segments; at least one. */
    int sockets(int segments) {
        return most == Integer.MAX_VALUE ? most : Math.max(1, most - OWN - segments);
    }
}
