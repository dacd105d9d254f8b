package io.taffrail.amqp.codec;

/** Methods of the class channel: open, pause and close a channel (AMQP 0-9-1 §1.5). */
public sealed interface ChannelMethod extends Method {

    /** Class id. */
    int CLASS_ID = 20;

    record Open(String reserved1) implements ChannelMethod {}

    record OpenOk(String reserved1) implements ChannelMethod {}

    record Flow(boolean active) implements ChannelMethod {}

    record FlowOk(boolean active) implements ChannelMethod {}

    record Close(int replyCode, String replyText, int failingClassId,
            int failingMethodId) implements ChannelMethod {}

    record CloseOk() implements ChannelMethod {}

    @Override
    default int classId() {
        return CLASS_ID;
    }

    @Override
    default int methodId() {
        return switch (this) {
            case Open _ -> 10;
            case OpenOk _ -> 11;
            case Flow _ -> 20;
            case FlowOk _ -> 21;
            case Close _ -> 40;
            case CloseOk _ -> 41;
        };
    }
}
