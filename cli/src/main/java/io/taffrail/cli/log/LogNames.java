package io.taffrail.cli.log;

import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.Failure;
import io.taffrail.log.LogId;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds logs by the names users give: a log's id, TOPIC-PARTITION, or TOPIC for all its partitions.
 */
final class LogNames {

    /** Accepted forms, for the help text of parameters. */
    static final String FORMS = "TOPIC, TOPIC-PARTITION, or a log's id as 'inspect' shows it";

    private static final Pattern OF_TOPIC = Pattern.compile("(.+)@[^@]*-(\\d+)");

    private LogNames() {}

    /** Ids of the named logs; empty if there are no names. */
    static Set<LogId> find(List<String> names, Collection<LogId> logs) {
        Set<LogId> found = new LinkedHashSet<>();
        for (String name : names) {
            List<LogId> matches = logs.stream().filter(id -> matches(id, name)).toList();
            if (matches.isEmpty()) {
                throw new Failure(ExitCode.NOT_FOUND, "no log '" + name + "'");
            }
            found.addAll(matches);
        }
        return found;
    }

    static boolean matches(LogId id, String name) {
        Matcher topic = OF_TOPIC.matcher(id.value());
        return id.value().equals(name) || (topic.matches() && (topic.group(1).equals(name)
                || (topic.group(1) + "-" + topic.group(2)).equals(name)));
    }
}
