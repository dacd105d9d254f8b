package io.taffrail.log.batch;

import io.taffrail.log.Refusal;
import java.util.List;

/** What {@link BatchValidator} says of a batch. */
public sealed interface BatchCheck {

    /**
     * Every rule is kept.
     *
     * @param maxTimestampMs
     *            largest timestamp of its records, which the header may state wrongly; -1 for none
     * @param maxTimestampDelta
     *            offset, from the batch's first, of the first record that has it; -1 for none
     * @param recordCount
     *            at least 1
     * @param recordBytes
     *            length of the records decompressed
     */
    record Valid(long maxTimestampMs, int maxTimestampDelta, int recordCount,
            long recordBytes) implements BatchCheck {}

    /**
     * A rule is broken.
     *
     * @param reason
     *            {@link Refusal#CORRUPT_BATCH}, {@link Refusal#INVALID_RECORD} or
     *            {@link Refusal#INVALID_TIMESTAMP}
     * @param detail
     *            for a person
     * @param records
     *            which records broke it, the first {@link BatchValidator#MAX_RECORD_ERRORS}; empty
     *            if the batch as a whole did
     */
    record Invalid(Refusal reason, String detail,
            List<RecordError> records) implements BatchCheck {}

    /**
     * Its records decompress to more than {@link BatchRules#maxRecordBytes}; the rest of them was
     * not
     * looked at.
     */
    record TooLong(long maxRecordBytes) implements BatchCheck {}

    /**
     * One record that broke a rule.
     *
     * @param index
     *            from 0
     */
    record RecordError(int index, String detail) {}
}
