package io.taffrail.cli.log;

import io.taffrail.cli.terminal.Debug;
import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.Failure;
import io.taffrail.cli.terminal.HelpOption;
import io.taffrail.cli.terminal.OutputOptions;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.local.DataDirectoryLockedException;
import io.taffrail.log.local.StoredDirectory;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of every command that reads a data directory. */
final class DataDirOptions {

    @Option(names = "--data-dir", paramLabel = "DIR", defaultValue = "${env:TAFFRAIL_DATA_DIR:-taffrail-data}", description = "The data directory (default: $TAFFRAIL_DATA_DIR or ./taffrail-data).")
    private Path path = Path.of("taffrail-data");

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    Debug debug = new Debug();

    /** True if output and errors are JSON. */
    boolean json() {
        return output.json();
    }

    Path path() {
        return path.toAbsolutePath().normalize();
    }

    /** Opens the directory for reading; fails if a broker is using it. */
    StoredDirectory open() {
        try {
            return StoredDirectory.open(path());
        } catch (DataDirectoryLockedException e) {
            throw new Failure(ExitCode.DATA_IN_USE,
                    path() + " is in use by a running broker; stop it, or use 'taffrail log scrub'",
                    e);
        } catch (LogFailedException e) {
            throw new Failure(ExitCode.FAILURE, String.valueOf(e.getMessage()), e);
        }
    }
}
