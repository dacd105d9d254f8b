package io.taffrail.kafka.transactions;

import org.apache.kafka.common.protocol.Errors;

/** The error of a fenced producer, which has an older name in earlier versions of a request. */
final class FencedError {

    private FencedError() {}

    /** The error as clients of the version know it (KIP-588). */
    static Errors of(Errors error, short version, int fencedFromVersion) {
        return error == Errors.PRODUCER_FENCED && version < fencedFromVersion
                ? Errors.INVALID_PRODUCER_EPOCH
                : error;
    }
}
