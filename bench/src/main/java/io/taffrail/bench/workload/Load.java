package io.taffrail.bench.workload;

import io.taffrail.bench.report.Readings;
import java.io.IOException;

/** A workload with one client on a broker that stays up, and warm, between runs. */
public non-sealed interface Load extends Workload {
    long defaultRecords();

    /**
     * Prepares a variant, once before its runs. {@code records} is the number
     * of records of each run.
     */
    default void prepare(Session session, Variant variant, long records)
            throws IOException, InterruptedException {}

    Readings run(Session session, Variant variant, long records)
            throws IOException, InterruptedException;
}
