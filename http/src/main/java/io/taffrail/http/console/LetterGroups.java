package io.taffrail.http.console;

import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.RecordCursor;
import io.taffrail.broker.move.DeathOrigin;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.broker.why.MessageState;
import io.taffrail.http.management.HostScope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The dead letters of a queue by their origins, at most {@value #MOST} of them. Only messages that
 * are ready count; their states are asked of the owner for {@value #CHUNK} messages at a time.
 * Used by one thread.
 */
final class LetterGroups {

    private static final int MOST = 200;
    private static final int CHUNK = 1000;

    /** Messages of one origin. */
    record Group(DeathOrigin origin, long messages, long redriven, long oldestMs, long newestMs,
            long firstOffset) {

        Group with(Letter letter) {
            return new Group(origin, messages + 1, redriven + (letter.redriven() ? 1 : 0),
                    Math.min(oldestMs, letter.timeMs()), Math.max(newestMs, letter.timeMs()),
                    firstOffset);
        }
    }

    /** A message that was read and is not yet counted. */
    record Letter(long offset, long timeMs, Optional<DeathOrigin> origin,
            boolean redriven) {}

    private final VirtualHost host;
    private final String queue;
    private final Map<DeathOrigin, Group> groups = new LinkedHashMap<>();
    private final List<Letter> open = new ArrayList<>();
    private long others;
    private boolean full;

    LetterGroups(VirtualHost host, String queue) {
        this.host = host;
        this.queue = queue;
    }

    void add(RecordCursor message) {
        Properties properties = Properties.of(message.properties());
        Optional<DeathOrigin> origin = DeathOrigin.of(properties);
        open.add(new Letter(message.offset(), message.timestampMs(), origin,
                origin.isPresent() && properties.headers().get(DeathOrigin.REDRIVEN)
                        .flatMap(FieldValue::number).isPresent()));
        if (open.size() == CHUNK) {
            settle();
        }
    }

    /** Counts the messages added so far. */
    void settle() {
        long[] offsets = open.stream().mapToLong(Letter::offset).toArray();
        List<MessageState> states = HostScope.look(host,
                it -> it.inspection().states(queue, offsets));
        for (int index = 0; index < offsets.length; index++) {
            if (states.get(index) == MessageState.READY
                    || states.get(index) == MessageState.REQUEUED) {
                count(open.get(index));
            }
        }
        open.clear();
    }

    private void count(Letter letter) {
        if (letter.origin().isEmpty()) {
            others++;
            return;
        }
        DeathOrigin origin = letter.origin().get();
        Group group = groups.get(origin);
        if (group != null) {
            groups.put(origin, group.with(letter));
        } else if (groups.size() < MOST) {
            groups.put(origin, new Group(origin, 1, letter.redriven() ? 1 : 0, letter.timeMs(),
                    letter.timeMs(), letter.offset()));
        } else {
            full = true;
        }
    }

    List<Group> all() {
        return List.copyOf(groups.values());
    }

    /** Number of messages without a history. */
    long others() {
        return others;
    }

    /** Whether there are more groups. */
    boolean isFull() {
        return full;
    }
}
