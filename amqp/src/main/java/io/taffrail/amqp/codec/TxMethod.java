package io.taffrail.amqp.codec;

/** Methods of the class tx: transactions of a channel (AMQP 0-9-1 §1.9). */
public sealed interface TxMethod extends Method {

    /** Class id. */
    int CLASS_ID = 90;

    record Select() implements TxMethod {}

    record SelectOk() implements TxMethod {}

    record Commit() implements TxMethod {}

    record CommitOk() implements TxMethod {}

    record Rollback() implements TxMethod {}

    record RollbackOk() implements TxMethod {}

    @Override
    default int classId() {
        return CLASS_ID;
    }

    @Override
    default int methodId() {
        return switch (this) {
            case Select _ -> 10;
            case SelectOk _ -> 11;
            case Commit _ -> 20;
            case CommitOk _ -> 21;
            case Rollback _ -> 30;
            case RollbackOk _ -> 31;
        };
    }
}
