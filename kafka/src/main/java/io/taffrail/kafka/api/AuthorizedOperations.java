package io.taffrail.kafka.api;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;

/** Bit fields of authorized operations (KIP-430). There is no authorizer, so all are authorized. */
public final class AuthorizedOperations {

    /** Value that means the client did not ask for the field. */
    public static final int NOT_ASKED = Integer.MIN_VALUE;

    public static final int TOPIC = bits(AclOperation.READ, AclOperation.WRITE,
            AclOperation.CREATE, AclOperation.DELETE, AclOperation.ALTER, AclOperation.DESCRIBE,
            AclOperation.DESCRIBE_CONFIGS, AclOperation.ALTER_CONFIGS);

    public static final int CLUSTER = bits(AclOperation.CREATE, AclOperation.ALTER,
            AclOperation.DESCRIBE, AclOperation.CLUSTER_ACTION, AclOperation.DESCRIBE_CONFIGS,
            AclOperation.ALTER_CONFIGS, AclOperation.IDEMPOTENT_WRITE);

    public static final int GROUP = bits(AclOperation.READ, AclOperation.DELETE,
            AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS, AclOperation.ALTER_CONFIGS);

    private AuthorizedOperations() {}

    private static int bits(AclOperation... operations) {
        IntStream bits = Stream.of(operations).mapToInt(operation -> 1 << operation.code());
        return bits.reduce(0, (all, bit) -> all | bit);
    }
}
