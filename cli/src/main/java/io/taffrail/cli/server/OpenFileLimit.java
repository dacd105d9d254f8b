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
 * Limit of open files and sockets of the process ({@code ulimit -n}), and its distribution:
 * a fixed number for the process itself, at most half of the rest for segment files, the remainder
 * for clients. Client connections thus never use up the files that storage needs.
 *
 * @param most
 *            the limit; {@link Integer#MAX_VALUE} if there is none or it is unknown
 */
public record OpenFileLimit(int most) {

    /** Minimum limit for starting a broker. */
    public static final int LEAST = 256;

    private static final Logger LOG = LoggerFactory.getLogger(OpenFileLimit.class);

    /**
     * Reserved for the process: jars, JDK files, event loops, listeners, journal, temporary files.
     */
    private static final int OWN = 128;

    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Pattern SOFT = Pattern.compile("(?m)^Max open files\\s+(\\d+)\\s");

    /**
     * Reads the limit of this process from Linux; the JVM has already raised it to the hard limit.
     */
    public static OpenFileLimit ofProcess() {
        try {
            return of(Files.readString(LIMITS, StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.debug("the limit of open files is not known", e);
            return new OpenFileLimit(Integer.MAX_VALUE);
        }
    }

    /** Parses the soft limit in the format of {@code /proc/PID/limits}. */
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

    /** Maximum number of open segment files, if {@code wanted} are configured; at least one. */
    int segments(int wanted) {
        return Math.min(wanted, Math.max(1, (most - OWN) / 2));
    }

    /** Maximum number of client sockets beside this many segment files; at least one. */
    int sockets(int segments) {
        return most == Integer.MAX_VALUE ? most : Math.max(1, most - OWN - segments);
    }
}
