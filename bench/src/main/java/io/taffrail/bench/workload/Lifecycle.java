package io.taffrail.bench.workload;

import io.taffrail.bench.broker.Launcher;
import io.taffrail.bench.report.Readings;
import java.io.IOException;
import java.nio.file.Path;

/** A workload that starts and stops its own broker, which is the only one running. */
public non-sealed interface Lifecycle extends Workload {
    /**
     * Runs the workload once.
     *
     * @param homes
     *            directory for broker homes, kept from round to round
     */
    Readings run(Launcher launcher, Path homes, int port, boolean quick)
            throws IOException, InterruptedException;
}
