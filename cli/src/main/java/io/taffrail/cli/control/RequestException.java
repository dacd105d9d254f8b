package io.taffrail.cli.control;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.cli.terminal.ExitCode;
import java.util.regex.Pattern;

/** A request that cannot be done; its exit code goes to the client with the message. */
final class RequestException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** A text in Erlang's notation, as in RabbitMQ's messages. */
    private static final Pattern BINARY = Pattern.compile("<<\"(.*?)\">>");

    /** A pair in Erlang's notation. */
    private static final Pattern PAIR = Pattern.compile("\\{<<\"(.*?)\">>,([^{}]*)}");

    private final int exitCode;

    RequestException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    private RequestException(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    static RequestException notFound(String message) {
        return new RequestException(ExitCode.NOT_FOUND, message);
    }

    /**
     * The refusal as a command reports it: on one line, where RabbitMQ's text has paragraphs, and
     * without Erlang's notation.
     */
    static RequestException of(BrokerException refusal) {
        String text = PAIR.matcher(refusal.detail().replace("\n\n", ": "))
                .replaceAll("'$1' = $2");
        text = BINARY.matcher(text).replaceAll("'$1'").replace("<<>>", "''");
        return new RequestException(exitCode(refusal.error()), text, refusal);
    }

    private static int exitCode(BrokerError error) {
        return switch (error) {
            case TOPIC_NOT_FOUND, VIRTUAL_HOST_NOT_FOUND, EXCHANGE_NOT_FOUND, QUEUE_NOT_FOUND,
                    BINDING_NOT_FOUND, OBJECT_NOT_FOUND ->
                ExitCode.NOT_FOUND;
            case TOPIC_EXISTS, OBJECT_EXISTS -> ExitCode.EXISTS;
            case INVALID_TOPIC_NAME, INVALID_PARTITION_COUNT, INVALID_TOPIC_CONFIG,
                    INVALID_DEFINITION ->
                ExitCode.USAGE;
            case TOPIC_DELETION_DISABLED, PARTITION_LIMIT_REACHED, NOT_ALLOWED, NOT_IMPLEMENTED,
                    ACCESS_REFUSED, QUEUE_LOCKED, PRECONDITION_FAILED, QUEUE_QUARANTINED,
                    OBJECT_LIMIT_REACHED ->
                ExitCode.REFUSED;
            case STORAGE_FAILED, BROKER_CLOSING -> ExitCode.FAILURE;
        };
    }

    int exitCode() {
        return exitCode;
    }
}
