package io.taffrail.bench.workload;

import io.taffrail.bench.report.Readings;
import java.io.IOException;

/** Work of one client on a broker that stays up, and warm, from run to run. */
public non-sealed interface Load extends Workload {
    long defaultRecords();

    /** Called once per variant before its runs, with the records each run will ask for. */
    default void prepare(Session session, Variant variant, long records)
            throws IOException, InterruptedException {}

    Readings run(Session session, Variant variant, long records)
            throws IOException, InterruptedException;
}
