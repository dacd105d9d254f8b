package io.taffrail.broker.job;

import java.time.Duration;

/**
 * Bounds on the jobs of a virtual host.
 *
 * @param retention
 *            time for which a finished job can be asked for
 * @param mostFinished
 *            number of finished jobs that can be asked for; those that finished first are forgotten
 * @param mostUnfinished
 *            number of unfinished jobs; further ones are refused
 */
public record JobSettings(Duration retention, int mostFinished, int mostUnfinished) {

    /** Part of the heap that unfinished jobs of one host may use. */
    private static final int PART_OF_HEAP = 8;
    /** About the memory of an unfinished job, in bytes. */
    private static final int JOB_BYTES = 1024;

    /** Seven days, 100,000 finished jobs, and unfinished ones for an eighth of the heap. */
    public static JobSettings usual() {
        return new JobSettings(Duration.ofDays(7), 100_000, mostUnfinishedOfHeap());
    }

    /** The number of unfinished jobs for which an eighth of the heap suffices. */
    public static int mostUnfinishedOfHeap() {
        return (int) Math.min(Integer.MAX_VALUE,
                Runtime.getRuntime().maxMemory() / PART_OF_HEAP / JOB_BYTES);
    }
}
