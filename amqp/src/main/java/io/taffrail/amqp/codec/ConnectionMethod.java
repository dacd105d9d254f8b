package io.taffrail.amqp.codec;

import io.taffrail.broker.message.FieldTable;

/** Methods of the class connection: open, tune and close a connection (AMQP 0-9-1 §1.4). */
public sealed interface ConnectionMethod extends Method {

    /** Class id. */
    int CLASS_ID = 10;

    record Start(int versionMajor, int versionMinor, FieldTable serverProperties, String mechanisms,
            String locales) implements ConnectionMethod {}

    record StartOk(FieldTable clientProperties, String mechanism, LongString response,
            String locale) implements ConnectionMethod {}

    record Secure(LongString challenge) implements ConnectionMethod {}

    record SecureOk(LongString response) implements ConnectionMethod {}

    record Tune(int channelMax, long frameMax, int heartbeatSeconds) implements ConnectionMethod {}

    record TuneOk(int channelMax, long frameMax,
            int heartbeatSeconds) implements ConnectionMethod {}

    record Open(String virtualHost, String reserved1,
            boolean reserved2) implements ConnectionMethod {}

    record OpenOk(String reserved1) implements ConnectionMethod {}

    record Close(int replyCode, String replyText, int failingClassId,
            int failingMethodId) implements ConnectionMethod {}

    record CloseOk() implements ConnectionMethod {}

    record Blocked(String reason) implements ConnectionMethod {}

    record Unblocked() implements ConnectionMethod {}

    record UpdateSecret(LongString newSecret, String reason) implements ConnectionMethod {}

    record UpdateSecretOk() implements ConnectionMethod {}

    @Override
    default int classId() {
        return CLASS_ID;
    }

    @Override
    default int methodId() {
        return switch (this) {
            case Start _ -> 10;
            case StartOk _ -> 11;
            case Secure _ -> 20;
            case SecureOk _ -> 21;
            case Tune _ -> 30;
            case TuneOk _ -> 31;
            case Open _ -> 40;
            case OpenOk _ -> 41;
            case Close _ -> 50;
            case CloseOk _ -> 51;
            case Blocked _ -> 60;
            case Unblocked _ -> 61;
            case UpdateSecret _ -> 70;
            case UpdateSecretOk _ -> 71;
        };
    }
}
