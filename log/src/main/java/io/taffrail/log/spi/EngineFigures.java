package io.taffrail.log.spi;

/**
 * Figures of an engine since its start, as of one moment.
 *
 * @param logs
 *            open logs
 * @param segments
 *            files of their records
 * @param bytes
 *            bytes of their records
 * @param checkpoints
 *            checkpoints made
 */
public record EngineFigures(int logs, long segments, long bytes, long checkpoints,
        Journal journal) {

    /** Upper ends of the classes of {@link Journal#forces}, in microseconds; one more is above. */
    private static final long[] CLASSES_US = {100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000,
        50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000};

    /**
     * The journal.
     *
     * @param groups
     *            groups forced
     * @param bytes
     *            bytes forced
     * @param forceUs
     *            time spent with writing and forcing, in microseconds
     * @param forces
     *            number of groups by the time that it took to write and force them
     */
    public record Journal(long groups, long bytes, long forceUs, long[] forces) {}

    /** Upper ends of the classes of times, in microseconds. */
    public static long[] classesUs() {
        return CLASSES_US.clone();
    }

    /** Index of the class of a time. */
    public static int classOf(long us) {
        int index = 0;
        while (index < CLASSES_US.length && us > CLASSES_US[index]) {
            index++;
        }
        return index;
    }
}
