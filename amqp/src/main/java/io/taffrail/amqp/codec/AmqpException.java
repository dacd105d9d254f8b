package io.taffrail.amqp.codec;

import org.jspecify.annotations.Nullable;

/**
 * An error of the client, with the reply code it is answered with. Costs no stack trace: it is part
 * of ordinary traffic.
 */
public final class AmqpException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final ReplyCode code;
    private final ReplyCode.Closes closes;

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

    /** An error that closes the connection though its code usually closes a channel. */
    public static AmqpException closingConnection(ReplyCode code, String explanation) {
        return new AmqpException(code, ReplyCode.Closes.CONNECTION, explanation, null);
    }

    public ReplyCode code() {
        return code;
    }

    public ReplyCode.Closes closes() {
        return closes;
    }

    /** What the client is told. */
    public String replyText() {
        return String.valueOf(getMessage());
    }
}
