package io.taffrail.log.batch;

import io.taffrail.log.Refusal;
import java.util.List;

/** The result of {@link BatchValidator#validate}. */
public sealed interface BatchCheck {

    /**
     * The batch is valid.
     *
     * @param maxTimestampMs
     *            largest timestamp of the records, which the header may state wrongly;
     *            -1 if no record has one
     * @param maxTimestampDelta
     *            offset, relative to the base offset, of the first record with that timestamp;
     *            -1 if there is none
     * @param recordCount
     *            number of records, at least 1
     * @param recordBytes
     *            size of the records, decompressed
     */
    record Valid(long maxTimestampMs, int maxTimestampDelta, int recordCount,
            long recordBytes) implements BatchCheck {}

    /**
     * The batch breaks a rule.
     *
     * @param reason
     *            {@link Refusal#CORRUPT_BATCH}, {@link Refusal#INVALID_RECORD}
     *            or {@link Refusal#INVALID_TIMESTAMP}
     * @param detail
     *            description for log lines and error messages
     * @param records
     *            the records that broke a rule, at most {@link BatchValidator#MAX_RECORD_ERRORS};
     *            empty if the error is in the batch as a whole
     */
    record Invalid(Refusal reason, String detail,
            List<RecordError> records) implements BatchCheck {}

    /**
     * The records decompress to more than {@link BatchRules#maxRecordBytes};
     * those beyond the limit were not checked.
     */
    record TooLong(long maxRecordBytes) implements BatchCheck {}

    /**
     * One record that broke a rule.
     *
     * @param index
     *            index of the record in the batch, from 0
     * @param detail
     *            description for error messages
     */
    record RecordError(int index, String detail) {}
}
