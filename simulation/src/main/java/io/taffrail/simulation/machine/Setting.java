package io.taffrail.simulation.machine;

import io.taffrail.log.local.LocalLogConfig;

/**
 * Configuration of a machine in one run, and the disturbances it is subject to.
 *
 * @param lives
 *            number of lives before the final check
 * @param failures
 *            true if disk operations may fail
 * @param full
 *            true if the disk may be full at times
 */
public record Setting(LocalLogConfig config, long segmentBytes, int lives, boolean failures,
        boolean full) {}
