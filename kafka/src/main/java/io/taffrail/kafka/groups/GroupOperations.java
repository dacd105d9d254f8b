package io.taffrail.kafka.groups;

import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;

/** Authorized operations on a group, as describe responses report them. */
final class GroupOperations {

    /** Bit set of all operations on a group. No operation is forbidden yet. */
    static final int ALL = Stream
            .of(AclOperation.READ, AclOperation.DELETE, AclOperation.DESCRIBE,
                    AclOperation.DESCRIBE_CONFIGS, AclOperation.ALTER_CONFIGS)
            .mapToInt(operation -> 1 << operation.code()).sum();

    private GroupOperations() {}
}
