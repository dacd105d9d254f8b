package io.taffrail.log.batch;

import io.taffrail.log.Refusal;
import java.util.ArrayList;
import java.util.List;

/**
 * The accumulated result of a scan over a batch's records: the largest timestamp and the records
 * that broke a rule.
 */
final class RecordScan {

    static final long NO_TIMESTAMP = -1;

    private BatchRules rules = BatchRules.FORMAT;
    private long maxTimestampMs;
    private int maxTimestampDelta;
    private Refusal reason = Refusal.INVALID_RECORD;
    private List<BatchCheck.RecordError> errors = List.of();

    void begin(BatchRules newRules) {
        rules = newRules;
        maxTimestampMs = NO_TIMESTAMP;
        maxTimestampDelta = -1;
        reason = Refusal.INVALID_RECORD;
        errors = List.of();
    }

    /** Adds one well-formed record. */
    void record(int index, long timestampMs, boolean hasKey) {
        if (timestampMs > maxTimestampMs) {
            maxTimestampMs = timestampMs;
            maxTimestampDelta = index;
        }
        if (!hasKey && rules.requireKeys()) {
            broken(index, Refusal.INVALID_RECORD,
                    "a compacted topic accepts no record without a key");
        } else if ((timestampMs < rules.earliestMs() || timestampMs > rules.latestMs())
                && timestampMs != NO_TIMESTAMP) {
            broken(index, Refusal.INVALID_TIMESTAMP, "timestamp " + timestampMs
                    + " is not within [" + rules.earliestMs() + ", " + rules.latestMs() + "]");
        }
    }

    private void broken(int index, Refusal why, String detail) {
        if (errors.isEmpty()) {
            errors = new ArrayList<>();
        }
        if (why == Refusal.INVALID_TIMESTAMP) {
            reason = why;
        }
        if (errors.size() < BatchValidator.MAX_RECORD_ERRORS) {
            errors.add(new BatchCheck.RecordError(index, detail));
        }
    }

    BatchCheck result(int recordCount, long recordBytes) {
        return errors.isEmpty()
                ? new BatchCheck.Valid(maxTimestampMs, maxTimestampDelta, recordCount, recordBytes)
                : new BatchCheck.Invalid(reason, "record " + errors.getFirst().index() + ": "
                        + errors.getFirst().detail(), List.copyOf(errors));
    }
}
