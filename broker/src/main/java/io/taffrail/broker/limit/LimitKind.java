package io.taffrail.broker.limit;

import java.util.Arrays;
import java.util.Optional;

/** The limits that an operator can set. */
public enum LimitKind {
    /** Connections in a virtual host. */
    HOST_CONNECTIONS(Subject.HOST, "max-connections"),
    /** Queues that are declared in a virtual host. */
    HOST_QUEUES(Subject.HOST, "max-queues"),
    /** Connections of a user. */
    USER_CONNECTIONS(Subject.USER, "max-connections"),
    /** Channels of all connections of a user. */
    USER_CHANNELS(Subject.USER, "max-channels");

    /** The kind of object that a limit belongs to. */
    public enum Subject {
        HOST("vhost_limit/"), USER("user_limit/");

        private final String prefix;

        Subject(String prefix) {
            this.prefix = prefix;
        }

        /** Common start of the keys in the metadata store. */
        String prefix() {
            return prefix;
        }
    }

    private final Subject subject;
    private final String text;

    LimitKind(Subject subject, String text) {
        this.subject = subject;
        this.text = text;
    }

    public Subject subject() {
        return subject;
    }

    /** The name that operators use. */
    public String text() {
        return text;
    }

    /** The limit of this name. */
    public static Optional<LimitKind> find(Subject subject, String text) {
        return Arrays.stream(values()).filter(it -> it.subject == subject && it.text.equals(text))
                .findFirst();
    }
}
