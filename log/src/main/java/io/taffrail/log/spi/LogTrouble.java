package io.taffrail.log.spi;

import io.taffrail.log.LogId;
import java.time.Instant;
import java.util.Optional;

/**
 * Background work that currently fails: on one log, or checkpoints. Appends, reads and all other
 * logs continue.
 *
 * @param log
 *            id of the log; {@code @checkpoint} for checkpoints, which are of all logs
 * @param work
 *            the kind of work: {@code "compaction"}, {@code "erasure"} or {@code "checkpoint"}
 * @param since
 *            time of the first failure since the last success
 * @param cause
 *            description of the latest failure
 * @param nextTry
 *            time of the next attempt; empty if a restart or an operator's command is needed first
 */
public record LogTrouble(LogId log, String work, Instant since, String cause,
        Optional<Instant> nextTry) {}
