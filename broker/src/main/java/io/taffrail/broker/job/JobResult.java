package io.taffrail.broker.job;

/**
 * The result of a job.
 *
 * @param type
 *            media type; empty if there is no result
 * @param body
 *            must not be changed
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
public record JobResult(String type, byte[] body) {

    /** Most bytes of a result. */
    public static final int MAX_BYTES = 1 << 20;

    /** No result. */
    public static final JobResult NONE = new JobResult("", new byte[0]);

    public JobResult {
        if (body.length > MAX_BYTES) {
            throw JobException.invalid("a result has at most " + MAX_BYTES + " bytes");
        }
    }
}
