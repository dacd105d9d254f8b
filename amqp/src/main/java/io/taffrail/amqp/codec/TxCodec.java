package io.taffrail.amqp.codec;

import io.netty.buffer.ByteBuf;

/** Encodes and decodes the arguments of {@link TxMethod}. */
final class TxCodec {

    private TxCodec() {}

    static TxMethod read(int methodId, ByteBuf in) {
        return switch (methodId) {
            case 10 -> new TxMethod.Select();
            case 11 -> new TxMethod.SelectOk();
            case 20 -> new TxMethod.Commit();
            case 21 -> new TxMethod.CommitOk();
            case 30 -> new TxMethod.Rollback();
            case 31 -> new TxMethod.RollbackOk();
            default -> throw UnknownMethodException.of(TxMethod.CLASS_ID, methodId);
        };
    }

    static void write(TxMethod method, ByteBuf out) {
        switch (method) {
            case TxMethod.Select _ -> {
            }
            case TxMethod.SelectOk _ -> {
            }
            case TxMethod.Commit _ -> {
            }
            case TxMethod.CommitOk _ -> {
            }
            case TxMethod.Rollback _ -> {
            }
            case TxMethod.RollbackOk _ -> {
            }
        }
    }
}
