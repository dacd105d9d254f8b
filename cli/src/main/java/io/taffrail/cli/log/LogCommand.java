package io.taffrail.cli.log;

import io.taffrail.cli.terminal.CommandGroup;
import picocli.CommandLine.Command;

/** Command group for stored logs. */
@Command(name = "log", description = {
    "Inspects, checks, dumps, scrubs and reopens what a broker has stored.",
    "'inspect', 'check' and 'dump' read the data directory of a stopped broker and change nothing;"
            + " 'scrub' has a running broker read everything it stores, 'reopen' has it open a log that"
            + " failed, and 'cleaner' shows its compaction."}, subcommands = {
                InspectLogs.class, CheckLogs.class, DumpLogs.class, ScrubLogs.class,
                ReopenLogs.class, ShowCleaner.class})
public final class LogCommand extends CommandGroup {}
