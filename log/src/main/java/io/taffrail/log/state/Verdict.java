package io.taffrail.log.state;

import io.taffrail.log.Refusal;

/** What a log's state says to a batch before it is stored. */
public sealed interface Verdict {

    /** It follows; store it. */
    record Accept() implements Verdict {

        static final Accept INSTANCE = new Accept();
    }

    /** The producer sent it before: these are its offsets and largest timestamp as stored. */
    record Duplicate(long baseOffset, long lastOffset, long timestampMs) implements Verdict {}

    /** It must not be stored. */
    record Refuse(Refusal reason, String detail) implements Verdict {}
}
