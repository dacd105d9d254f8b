package io.taffrail.cli.terminal;

import io.taffrail.cli.config.ConfigException;
import io.taffrail.kafka.client.ClientException;
import io.taffrail.log.text.Printable;
import io.taffrail.net.json.Json;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reports failures on standard error, one line each: {@code taffrail: MESSAGE}, or with
 * {@code --output json} <code>{"error":{"code":"not_found","message":"…"}}</code>.
 *
 * @param json
 *            true to report in JSON
 */
record Problems(PrintWriter err, boolean json) {

    /** Problems on the process's standard error. */
    static Problems standard(boolean json) {
        return new Problems(new PrintWriter(System.err, true, System.err.charset()), json);
    }

    /** Reports a failure; returns its exit code. */
    int report(Throwable failure) {
        int code = switch (failure) {
            case Output.Closed closed -> ExitCode.OK;
            case Failure own -> say(own.exitCode(), own.getMessage());
            case ClientException client -> say(ExitCode.of(client), client.getMessage());
            case ConfigException config -> say(ExitCode.USAGE, config.problems());
            default -> say(ExitCode.FAILURE, failure + " (--debug shows where)");
        };
        if (Debug.on() && code != ExitCode.OK) {
            failure.printStackTrace(err);
        }
        err.flush();
        return code;
    }

    private int say(int code, List<String> messages) {
        messages.forEach(message -> say(code, message));
        return code;
    }

    /** Prints the message escaped, because it may contain names chosen by clients. */
    int say(int code, @Nullable String message) {
        if (json) {
            Map<String, Object> error = new LinkedHashMap<>();
            error.put("code", ExitCode.name(code));
            error.put("message", String.valueOf(message));
            err.println(Json.write(Map.of("error", error)));
        } else {
            err.println("taffrail: " + Printable.of(message));
        }
        return code;
    }
}
