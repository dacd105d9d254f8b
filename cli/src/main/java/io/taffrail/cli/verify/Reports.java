package io.taffrail.cli.verify;

import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.verify.check.Findings;
import io.taffrail.verify.report.JsonReport;
import io.taffrail.verify.report.TextReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Prints the findings of a run. */
final class Reports {

    private Reports() {}

    /** Prints the report, also writes it to the file if there is one, and returns the exit code. */
    static int write(String subject, long seed, Findings findings, Optional<Path> file)
            throws IOException {
        String text = TextReport.of(subject, findings);
        System.out.print(text);
        System.out.flush();
        if (file.isPresent()) {
            Files.writeString(file.get(), file.get().toString().endsWith(".json")
                    ? JsonReport.of(seed, findings)
                    : text);
        }
        if (findings.anomalies() > 0) {
            return ExitCode.FAILURE;
        }
        return findings.unchecked().isEmpty() ? ExitCode.OK : ExitCode.NO_VERDICT;
    }
}
