package io.taffrail.simulation.mutant;

import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Set;

/** Changes to the byte code of the transaction coordinator and of what logs know of producers. */
final class TransactionMutations {

    private TransactionMutations() {}

    /** A record of a shard of transactions takes effect when it is appended. */
    static Mutation takesEffectAtOnce(String writer) {
        ClassDesc future = ClassDesc.of("java.util.concurrent.CompletableFuture");
        return new Mutation(writer, Set.of("append"), (code, element) -> {
            if (element instanceof InvokeInstruction invoke
                    && invoke.name().equalsString("durable")) {
                code.pop().aconst_null().invokestatic(future, "completedFuture",
                        MethodTypeDesc.of(future, ConstantDescs.CD_Object));
            } else {
                code.with(element);
            }
        });
    }

    /** The markers of a transaction are written when its decision is appended. */
    static Mutation marksBeforeDecision(String packageName) {
        ClassDesc shard = ClassDesc.of(packageName + "Shard");
        ClassDesc state = ClassDesc.of(packageName + "TransactionalId");
        ClassDesc set = ClassDesc.of("java.util.Set");
        return new Mutation(packageName + "Shard", Set.of("change"), (code, element) -> {
            if (element instanceof InvokeInstruction invoke && invoke.name().equalsString("put")) {
                code.pop2().aload(0).aload(4).aload(2).aload(2)
                        .invokevirtual(state, "partitions", MethodTypeDesc.of(set))
                        .invokevirtual(shard, "writeMarkers", MethodTypeDesc.of(
                                ConstantDescs.CD_void, ClassDesc.of(packageName + "ShardEntry"),
                                state, ClassDesc.of("java.util.Collection")));
            } else {
                code.with(element);
            }
        });
    }

    /** The offset of the oldest open transaction is too high by one. */
    static Mutation isStableOneMore(String logState) {
        return new Mutation(logState, Set.of("lastStableOffset"), (code, element) -> {
            code.with(element);
            if (element instanceof InvokeInstruction invoke
                    && invoke.name().equalsString("longValue")) {
                code.lconst_1().ladd();
            }
        });
    }

    /** Markers of older producer epochs are accepted; other batches are not. */
    static Mutation acceptsOlderMarkers(String logState) {
        ClassDesc header = ClassDesc.of("io.taffrail.log.batch.BatchHeader");
        return new Mutation(logState, Set.of("check"), CodeTransform.ofStateful(() -> {
            boolean[] seen = {false};
            return (code, element) -> {
                if (!seen[0] && element instanceof BranchInstruction branch
                        && branch.opcode() == Opcode.IF_ICMPGE) {
                    seen[0] = true;
                    code.with(element).aload(1).iload(2)
                            .invokestatic(header, "isControl",
                                    MethodTypeDesc.of(ConstantDescs.CD_boolean,
                                            ClassDesc.of("java.nio.ByteBuffer"),
                                            ConstantDescs.CD_int))
                            .ifne(branch.target());
                } else {
                    code.with(element);
                }
            };
        }));
    }

    /** Calls of a method that tells whether something is so are replaced by true. */
    static Mutation takesForGranted(String type, String method, String call) {
        return new Mutation(type, Set.of(method), (code, element) -> {
            if (element instanceof InvokeInstruction invoke && invoke.name().equalsString(call)) {
                code.pop().iconst_1();
            } else {
                code.with(element);
            }
        });
    }
}
