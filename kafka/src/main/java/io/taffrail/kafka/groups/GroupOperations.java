package io.taffrail.kafka.groups;

import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;

/** What a principal may do with a group, as describe responses carry it. */
final class GroupOperations {

    /** Every operation there is on a group, one bit for each; nothing is forbidden here yet. */
    static final int ALL = Stream
            .of(AclOperation.READ, AclOperation.DELETE, AclOperation.DESCRIBE,
                    AclOperation.DESCRIBE_CONFIGS, AclOperation.ALTER_CONFIGS)
            .mapToInt(operation -> 1 << operation.code()).sum();

    private GroupOperations() {}
}
