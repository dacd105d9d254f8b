package io.taffrail.simulation.machine;

import io.taffrail.log.local.LocalLogConfig;

/**
 * How large a machine's engine is in one run, and what may go wrong with it.
 *
 * @param lives
 *            how often it ends in any way before the last look
 * @param failures
 *            whether operations of the disk fail
 * @param full
 *            whether the disk is full at times
 */
public record Setting(LocalLogConfig config, long segmentBytes, int lives, boolean failures,
        boolean full) {}
