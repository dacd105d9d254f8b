package io.taffrail.amqp.codec;

import org.jspecify.annotations.Nullable;

/**
 * An error that is reported to the client with a reply code. Has no stack trace, because it is part
 * of ordinary traffic.
 */
public final class AmqpException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final ReplyCode code;
    private final ReplyCode.Closes closes;

    /** Creates an error; {@code explanation} is sent to the client after the name of the code. */
    public AmqpException(ReplyCode code, String explanation) {
        this(code, explanation, null);
    }

    public AmqpException(ReplyCode code, String explanation, @Nullable Throwable cause) {
        this(code, code.closes(), explanation, cause);
    }

    private AmqpException(ReplyCode code, ReplyCode.Closes closes, String explanation,
            @Nullable Throwable cause) {
        super(code.text(explanation), cause, false, false);
        this.code = code;
        this.closes = closes;
    }

    /** Creates an error that closes the connection although its code usually closes a channel. */
    public static AmqpException closingConnection(ReplyCode code, String explanation) {
        return new AmqpException(code, ReplyCode.Closes.CONNECTION, explanation, null);
    }

    public ReplyCode code() {
        return code;
    }

    public ReplyCode.Closes closes() {
        return closes;
    }

    /** Reply text for the client. */
    public String replyText() {
        return String.valueOf(getMessage());
    }
}
