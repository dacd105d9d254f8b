package io.taffrail.simulation.mutant;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Set;

/**
 * A change to the byte code of methods of a class.
 *
 * @param type
 *            name of the class, with dots
 * @param methods
 *            names of the methods
 */
record Mutation(String type, Set<String> methods, CodeTransform change) {

    /** The method returns at once without a result. */
    static Mutation doesNothing(String type, String method) {
        return new Mutation(type, Set.of(method), CodeTransform.ofStateful(() -> {
            boolean[] begun = {false};
            return (code, element) -> {
                if (!begun[0]) {
                    begun[0] = true;
                    code.return_();
                }
                code.with(element);
            };
        }));
    }

    /** The methods throw when {@link Mischief} decides so. */
    static Mutation mayThrow(String type, String... methods) {
        ClassDesc mischief = ClassDesc.of("io.taffrail.simulation.world.Mischief");
        MethodTypeDesc at = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String);
        return new Mutation(type, Set.of(methods), CodeTransform.ofStateful(() -> {
            boolean[] begun = {false};
            return (code, element) -> {
                if (!begun[0]) {
                    begun[0] = true;
                    code.ldc(type.substring(type.lastIndexOf('.') + 1)).invokestatic(mischief,
                            "at", at);
                }
                code.with(element);
            };
        }));
    }

    /** The method returns 0 at once. */
    static Mutation isZero(String type, String method) {
        return is(type, method, 0);
    }

    /** The method returns true at once. */
    static Mutation isTrue(String type, String method) {
        return is(type, method, 1);
    }

    /** The method returns -1 at once. */
    static Mutation isMinusOne(String type, String method) {
        return is(type, method, -1);
    }

    /** The method returns 0 at once, as a long. */
    static Mutation isZeroLong(String type, String method) {
        return new Mutation(type, Set.of(method), CodeTransform.ofStateful(() -> {
            boolean[] begun = {false};
            return (code, element) -> {
                if (!begun[0]) {
                    begun[0] = true;
                    code.lconst_0().lreturn();
                }
                code.with(element);
            };
        }));
    }

    /** Every {@code isEmpty} call in the method returns true. */
    static Mutation findsAllEmpty(String type, String method) {
        return new Mutation(type, Set.of(method), (code, element) -> {
            if (element instanceof InvokeInstruction invoke
                    && invoke.name().equalsString("isEmpty")) {
                code.pop().iconst_1();
            } else {
                code.with(element);
            }
        });
    }

    private static Mutation is(String type, String method, int value) {
        return new Mutation(type, Set.of(method), CodeTransform.ofStateful(() -> {
            boolean[] begun = {false};
            return (code, element) -> {
                if (!begun[0]) {
                    begun[0] = true;
                    code.loadConstant(value).ireturn();
                }
                code.with(element);
            };
        }));
    }

    /** Calls of another method, which returns nothing, are omitted. */
    static Mutation leavesOut(String type, String method, String call) {
        return new Mutation(type, Set.of(method), (code, element) -> {
            if (element instanceof InvokeInstruction invoke && invoke.name().equalsString(call)) {
                for (ClassDesc parameter : invoke.typeSymbol().parameterList().reversed()) {
                    if (parameter.equals(ConstantDescs.CD_long)) {
                        code.pop2();
                    } else {
                        code.pop();
                    }
                }
                code.pop();
            } else {
                code.with(element);
            }
        });
    }

    /** A call of a method without parameters is made twice. */
    static Mutation twice(String type, String method, String call) {
        return new Mutation(type, Set.of(method), (code, element) -> {
            if (element instanceof InvokeInstruction invoke && invoke.name().equalsString(call)) {
                code.dup().with(element);
            }
            code.with(element);
        });
    }

    /** The first "if less than, return" of the method never returns. */
    static Mutation withoutFirstGuard(String type, String method) {
        return new Mutation(type, Set.of(method), CodeTransform.ofStateful(() -> {
            boolean[] seen = {false};
            return (code, element) -> {
                if (!seen[0] && element instanceof BranchInstruction branch
                        && branch.opcode() == Opcode.IFGE) {
                    seen[0] = true;
                    code.pop().goto_(branch.target());
                } else {
                    code.with(element);
                }
            };
        }));
    }

    /** A field is never set to true. */
    static Mutation neverSets(String type, Set<String> methods, String field) {
        return new Mutation(type, methods, (code, element) -> {
            if (element instanceof FieldInstruction access && access.opcode() == Opcode.PUTFIELD
                    && access.name().equalsString(field)) {
                code.pop().iconst_0();
            }
            code.with(element);
        });
    }

    /** The checksum of a batch is compared with itself. */
    static Mutation ofBatchChecksum(String type) {
        return new Mutation(type, Set.of("isWhole"), (code, element) -> {
            if (element instanceof InvokeInstruction invoke
                    && invoke.name().equalsString("computeCrc")) {
                code.pop().invokestatic(ClassDesc.of(type), "crc",
                        MethodTypeDesc.of(ConstantDescs.CD_int,
                                ClassDesc.of("java.nio.ByteBuffer"), ConstantDescs.CD_int));
            } else {
                code.with(element);
            }
        });
    }

    /** The members of a group are notified before it is written. */
    static Mutation tellsBeforeWriting(String journal, String group) {
        ClassDesc owner = ClassDesc.of(journal);
        return new Mutation(journal, Set.of("turn"), (code, element) -> {
            if (element instanceof InvokeInstruction invoke
                    && invoke.name().equalsString("writeGroup")) {
                ClassDesc executor = ClassDesc.of("java.util.concurrent.Executor");
                code.aload(0).getfield(owner, "writing", ClassDesc.of(group)).aconst_null()
                        .aload(0).getfield(owner, "background", executor)
                        .invokevirtual(ClassDesc.of(group), "tell",
                                MethodTypeDesc.of(ConstantDescs.CD_void,
                                        ConstantDescs.CD_Throwable, executor));
            }
            code.with(element);
        });
    }

    /** A snapshot is written without the bitmap of settled messages. */
    static Mutation forgetsSettled(String snapshot) {
        ClassDesc bitmap = ClassDesc.of("org.roaringbitmap.longlong.Roaring64Bitmap");
        return new Mutation(snapshot, Set.of("encode"), (code, element) -> {
            code.with(element);
            if (element instanceof InvokeInstruction invoke
                    && invoke.name().equalsString("settledBits")) {
                code.pop().new_(bitmap).dup().invokespecial(bitmap, "<init>",
                        MethodTypeDesc.of(ConstantDescs.CD_void));
            }
        });
    }

    /** A cursor's log is trimmed to its end instead of to the snapshot. */
    static Mutation trimsToEnd(String cursorLog) {
        ClassDesc log = ClassDesc.of("io.taffrail.log.spi.WritableLog");
        return new Mutation(cursorLog, Set.of("trim"), (code, element) -> {
            if (element instanceof InvokeInstruction invoke
                    && invoke.name().equalsString("trimTo")) {
                code.pop2().dup().invokeinterface(log, "durableEnd",
                        MethodTypeDesc.of(ConstantDescs.CD_long));
            }
            code.with(element);
        });
    }

    /** A message settled in memory counts as durably settled. */
    static Mutation reclaimsEarly(String cursorLog) {
        ClassDesc owner = ClassDesc.of(cursorLog);
        ClassDesc cursor = ClassDesc.of("io.taffrail.broker.cursor.AckCursor");
        return new Mutation(cursorLog, Set.of("durableFloor"), CodeTransform.ofStateful(() -> {
            boolean[] begun = {false};
            return (code, element) -> {
                if (!begun[0]) {
                    begun[0] = true;
                    code.aload(0).getfield(owner, "cursor", cursor).invokevirtual(cursor, "floor",
                            MethodTypeDesc.of(ConstantDescs.CD_long)).lreturn();
                }
                code.with(element);
            };
        }));
    }

    /** A turn counts as durable once it is passed to the engine. */
    static Mutation confirmsAtOnce(String turn) {
        ClassDesc owner = ClassDesc.of(turn);
        ClassDesc inFlight = ClassDesc.of(turn + "InFlight");
        return new Mutation(turn, Set.of("store"), (code, element) -> {
            if (element instanceof InvokeInstruction invoke
                    && invoke.name().equalsString("await")) {
                code.pop().aconst_null().invokevirtual(owner, "settle", MethodTypeDesc
                        .of(ConstantDescs.CD_void, inFlight, ConstantDescs.CD_String));
            } else {
                code.with(element);
            }
        });
    }

    /** Listeners of a turn that was not stored are told that it is durable. */
    static Mutation confirmsWhatFailed(String inFlight) {
        ClassDesc listener = ClassDesc.of("io.taffrail.broker.turn.TurnListener");
        return new Mutation(inFlight, Set.of("tell"), (code, element) -> {
            if (element instanceof InvokeInstruction invoke
                    && invoke.name().equalsString("failed")) {
                code.pop().invokeinterface(listener, "durable",
                        MethodTypeDesc.of(ConstantDescs.CD_void));
            } else {
                code.with(element);
            }
        });
    }

    /** A turn ends between storing a dead letter and settling its message. */
    static Mutation flushesAfterDeadLetter(String packageName) {
        ClassDesc owner = ClassDesc.of(packageName + "GivingUp");
        ClassDesc context = ClassDesc.of(packageName + "QueueContext");
        ClassDesc turn = ClassDesc.of("io.taffrail.broker.turn.Turn");
        return new Mutation(packageName + "GivingUp", Set.of("goes"), (code, element) -> {
            code.with(element);
            if (element instanceof InvokeInstruction invoke
                    && invoke.name().equalsString("deadLetter")) {
                code.aload(0).getfield(owner, "context", context)
                        .invokeinterface(context, "turn", MethodTypeDesc.of(turn))
                        .invokevirtual(turn, "flush", MethodTypeDesc.of(ConstantDescs.CD_void));
            }
        });
    }

    /** Requests that wait for a group's write are answered once it is appended. */
    static Mutation answersAtOnce(String writer) {
        ClassDesc owner = ClassDesc.of(writer);
        ClassDesc map = ClassDesc.of("java.util.Map");
        ClassDesc set = ClassDesc.of("java.util.Set");
        ClassDesc iterator = ClassDesc.of("java.util.Iterator");
        ClassDesc shard = ClassDesc.of("org.apache.kafka.common.TopicPartition");
        ClassDesc listener = ClassDesc
                .of("org.apache.kafka.coordinator.common.runtime.PartitionWriter$Listener");
        return new Mutation(writer, Set.of("append"), (code, element) -> {
            if (element instanceof ReturnInstruction) {
                int end = code.allocateLocal(TypeKind.LONG);
                code.lstore(end).aload(0).getfield(owner, "watches", map)
                        .invokeinterface(map, "keySet", MethodTypeDesc.of(set))
                        .invokeinterface(set, "iterator", MethodTypeDesc.of(iterator))
                        .invokeinterface(iterator, "next",
                                MethodTypeDesc.of(ConstantDescs.CD_Object))
                        .checkcast(listener).aload(1).lload(end)
                        .invokeinterface(listener, "onHighWatermarkUpdated", MethodTypeDesc
                                .of(ConstantDescs.CD_void, shard, ConstantDescs.CD_long))
                        .lload(end);
            }
            code.with(element);
        });
    }

    /** The tag in a confirm is too high by one. */
    static Mutation confirmsOneMore(String confirms, String ack) {
        return new Mutation(confirms, Set.of("confirmed"), (code, element) -> {
            if (element instanceof InvokeInstruction invoke
                    && invoke.owner().asSymbol().equals(ClassDesc.of(ack))) {
                int several = code.allocateLocal(TypeKind.INT);
                code.istore(several).lconst_1().ladd().iload(several);
            }
            code.with(element);
        });
    }

    /** Updates of a fetch session are ignored. */
    static Mutation forgetsPositions(String session) {
        return new Mutation(session, Set.of("update"), (code, element) -> {
            if (element instanceof FieldInstruction access && access.opcode() == Opcode.PUTFIELD
                    && access.name().equalsString("target")) {
                code.pop2();
            } else {
                code.with(element);
            }
        });
    }

    byte[] applyTo(byte[] original) {
        ClassFile file = ClassFile.of(ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                ClassFile.DeadCodeOption.PATCH_DEAD_CODE,
                ClassFile.DebugElementsOption.DROP_DEBUG);
        return file.transformClass(file.parse(original), ClassTransform.transformingMethodBodies(
                it -> methods.contains(it.methodName().stringValue()), change));
    }
}
