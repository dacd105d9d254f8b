package io.taffrail.kafka.groups;

import io.taffrail.log.guard.FailStop;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRuntime;
import org.apache.kafka.coordinator.group.Group;
import org.apache.kafka.coordinator.group.GroupCoordinatorService;
import org.apache.kafka.coordinator.group.GroupCoordinatorShard;
import org.apache.kafka.coordinator.group.GroupMetadataManager;
import org.apache.kafka.coordinator.group.OffsetAndMetadata;
import org.apache.kafka.coordinator.group.OffsetMetadataManager;

/**
 * Reader of the size of the state in Kafka's coordinator. Kafka has no API for that, so the maps
 * are taken from private fields by reflection. They are read in the coordinator's own read
 * operations, one shard after another, on the thread that changes them. If Kafka's classes lack
 * these fields, the coordinator's start fails. Safe for any thread.
 */
final class CoordinatorState {

    private static final Field RUNTIME = field(GroupCoordinatorService.class, "runtime");
    private static final Field GROUPS_OF = field(GroupCoordinatorShard.class,
            "groupMetadataManager");
    private static final Field GROUPS = field(GroupMetadataManager.class, "groups");
    private static final Field OFFSETS_OF = field(GroupCoordinatorShard.class,
            "offsetMetadataManager");
    private static final Field OFFSETS = field(OffsetMetadataManager.class, "offsets");
    private static final Field BY_GROUP = field(OFFSETS.getType(), "offsetsByGroup");

    private final GroupCoordinatorService service;
    private final CoordinatorRuntime<GroupCoordinatorShard, CoordinatorRecord> runtime;

    @SuppressWarnings("unchecked") // declared with this type in Kafka's source
    CoordinatorState(GroupCoordinatorService service) {
        this.service = service;
        this.runtime = (CoordinatorRuntime<GroupCoordinatorShard, CoordinatorRecord>) read(RUNTIME,
                service);
    }

    /** The maps of one shard, valid during a read operation. */
    static final class Shard {
        private final GroupCoordinatorShard shard;

        private Shard(GroupCoordinatorShard shard) {
            this.shard = shard;
        }

        @SuppressWarnings("unchecked") // declared with this type in Kafka's source
        Map<String, Group> groups() {
            return (Map<String, Group>) read(GROUPS, read(GROUPS_OF, shard));
        }

        @SuppressWarnings("unchecked") // declared with this type in Kafka's source
        Map<String, Map<String, Map<Integer, OffsetAndMetadata>>> offsets() {
            return (Map<String, Map<String, Map<Integer, OffsetAndMetadata>>>) read(BY_GROUP,
                    read(OFFSETS, read(OFFSETS_OF, shard)));
        }
    }

    /** Memory in bytes of all groups and offsets, except those of shards that are being loaded. */
    CompletableFuture<Long> bytes() {
        List<CompletableFuture<Long>> shards = runtime
                .scheduleReadAllOperation("measure-groups",
                        (shard, _) -> bytes(new Shard(shard)))
                .stream().map(it -> it.exceptionally(failure -> {
                    FailStop.check(failure);
                    return 0L;
                })).toList();
        return CompletableFuture.allOf(shards.toArray(CompletableFuture[]::new)).thenApply(
                _ -> shards.stream().mapToLong(CompletableFuture::join).sum());
    }

    private static long bytes(Shard shard) {
        long bytes = 0;
        for (Group group : shard.groups().values()) {
            bytes += StateBytes.of(group);
        }
        for (var topics : shard.offsets().entrySet()) {
            bytes += StateBytes.text(topics.getKey());
            for (var partitions : topics.getValue().values()) {
                for (OffsetAndMetadata offset : partitions.values()) {
                    bytes += StateBytes.of(offset);
                }
            }
        }
        return bytes;
    }

    /** Runs {@code question} as a read operation on a group's shard. */
    CompletableFuture<Long> ask(String groupId, Function<Shard, Long> question) {
        return runtime.scheduleReadOperation("measure-group",
                new TopicPartition(OffsetsTopic.NAME, service.partitionFor(groupId)),
                (shard, _) -> question.apply(new Shard(shard)));
    }

    private static Field field(Class<?> of, String name) {
        try {
            Field field = of.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException e) {
            throw new LinkageError("another version of Kafka's coordinator", e);
        }
    }

    private static Object read(Field field, Object of) {
        try {
            return field.get(of);
        } catch (IllegalAccessException e) {
            throw new LinkageError("another version of Kafka's coordinator", e);
        }
    }
}
