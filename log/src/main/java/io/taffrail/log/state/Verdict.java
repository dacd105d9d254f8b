package io.taffrail.log.state;

import io.taffrail.log.Refusal;

/** The decision of {@link LogState#check} on a batch that is not stored yet. */
public sealed interface Verdict {

    /** The batch may be stored. */
    record Accept() implements Verdict {

        static final Accept INSTANCE = new Accept();
    }

    /**
     * The producer has sent the batch before. The components are its stored offsets
     * and its largest timestamp.
     */
    record Duplicate(long baseOffset, long lastOffset, long timestampMs) implements Verdict {}

    /** The batch must not be stored. */
    record Refuse(Refusal reason, String detail) implements Verdict {}
}
