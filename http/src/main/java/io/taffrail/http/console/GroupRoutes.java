package io.taffrail.http.console;

import io.taffrail.broker.group.ReaderGroups;
import io.taffrail.broker.group.ReaderGroups.Description;
import io.taffrail.broker.group.ReaderGroups.Position;
import io.taffrail.broker.group.ReaderGroups.Summary;
import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topics;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpFields;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import io.taffrail.log.spi.ReadableLog;
import io.taffrail.log.spi.ReadableLog.TimedOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Consumer groups: state, members, lag of each partition, and a reset of offsets with a preview.
 * Groups belong to no virtual host: looking asks for the tag {@code monitoring}, changes for
 * {@code administrator}.
 */
final class GroupRoutes {

    /** Most groups of which a list shows the lag. */
    private static final int MOST_LAGS = 500;

    private final ReaderGroups groups;
    private final Topics topics;
    private final PartitionLag lag;

    GroupRoutes(ReaderGroups groups, Topics topics, PartitionLag lag) {
        this.groups = groups;
        this.topics = topics;
        this.lag = lag;
    }

    void register(HttpRoutes routes) {
        routes.on("GET", "/api/taffrail/groups", HttpTag.MONITORING, _ -> list())
                .on("GET", "/api/taffrail/groups/{group}", HttpTag.MONITORING, this::one)
                .on("DELETE", "/api/taffrail/groups/{group}", HttpTag.ADMINISTRATOR, call -> {
                    var _ = groups.delete(call.parameter("group")).join();
                    return HttpAnswer.empty(204);
                })
                .on("POST", "/api/taffrail/groups/{group}/reset", HttpTag.ADMINISTRATOR,
                        this::reset);
    }

    private HttpAnswer list() {
        List<Map<String, Object>> list = new ArrayList<>();
        for (Summary summary : groups.list().join()) {
            Map<String, Object> object = object(summary);
            if (list.size() < MOST_LAGS) {
                List<Position> positions = groups.positions(summary.group()).join();
                object.put("partitions", positions.size());
                object.put("lag", positions.stream()
                        .flatMap(it -> log(it).stream().map(log -> lag(log, it.offset())))
                        .mapToLong(Long::longValue).sum());
            }
            list.add(object);
        }
        return HttpAnswer.json(list);
    }

    private static Map<String, Object> object(Summary summary) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("group", summary.group());
        object.put("type", summary.type());
        object.put("state", summary.state());
        return object;
    }

    private Optional<ReadableLog> log(Position position) {
        return topics.find(position.topic())
                .flatMap(topic -> topic.partition(position.partition())).map(Partition::log);
    }

    private static long lag(ReadableLog log, long offset) {
        return Math.max(0, log.lastStableOffset() - Math.max(offset, log.startOffset()));
    }

    private HttpAnswer one(HttpCall call) {
        Description group = groups.describe(call.parameter("group")).join();
        Map<String, Object> object = object(group.summary());
        object.put("members", group.members().stream().map(member -> Map.of("id", member.id(),
                "client_id", member.clientId(), "host", member.host(), "partitions",
                member.partitions())).toList());
        object.put("partitions", group.positions().stream()
                .map(position -> partition(position, group)).toList());
        return HttpAnswer.json(object);
    }

    private Map<String, @Nullable Object> partition(Position position, Description group) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("topic", position.topic());
        object.put("partition", position.partition());
        object.put("offset", position.offset());
        String name = position.topic() + "-" + position.partition();
        object.put("member", group.members().stream()
                .filter(it -> it.partitions().contains(name)).findFirst()
                .map(ReaderGroups.Member::id).orElse(null));
        log(position).ifPresent(log -> {
            object.put("start", log.startOffset());
            object.put("end", log.lastStableOffset());
            object.put("lag", lag(log, position.offset()));
            object.put("lag_ms", lag.ms(log, position.offset()));
            object.put("causes", lag.causes(log, position,
                    group.members().isEmpty(), object.get("member") != null));
        });
        return object;
    }

    /**
     * Resets offsets: {@code to} is {@code earliest}, {@code latest}, {@code offset} or
     * {@code time}, with the number in {@code value}; {@code topic} and {@code partition} restrict
     * it. With {@code dry_run} nothing is changed.
     */
    private HttpAnswer reset(HttpCall call) {
        HttpFields fields = call.fields();
        fields.require("to");
        String group = call.parameter("group");
        ToLongFunction<ReadableLog> target = target(fields.text("to", ""),
                fields.number("value", 0));
        String topic = fields.text("topic", "");
        long partition = fields.number("partition", -1);
        List<Position> changed = new ArrayList<>();
        List<Map<String, Object>> shown = new ArrayList<>();
        for (Position position : groups.positions(group).join()) {
            boolean chosen = (topic.isEmpty() || topic.equals(position.topic()))
                    && (partition < 0 || partition == position.partition());
            Optional<ReadableLog> log = chosen ? log(position) : Optional.empty();
            if (log.isEmpty()) {
                continue;
            }
            long to = Math.clamp(target.applyAsLong(log.get()), log.get().startOffset(),
                    log.get().durableEnd());
            changed.add(new Position(position.topic(), position.partition(), to));
            shown.add(Map.of("topic", position.topic(), "partition", position.partition(),
                    "from", position.offset(), "to", to));
        }
        if (changed.isEmpty()) {
            throw HttpProblem.notFound();
        }
        boolean dry = fields.flag("dry_run", false);
        if (!dry) {
            var _ = groups.store(group, changed).join();
        }
        return HttpAnswer.json(Map.of("group", group, "dry_run", dry, "partitions", shown));
    }

    private static ToLongFunction<ReadableLog> target(String to, long value) {
        return switch (to) {
            case "earliest" -> ReadableLog::startOffset;
            case "latest" -> ReadableLog::durableEnd;
            case "offset" -> _ -> value;
            case "time" -> log -> log.offsetForTime(value).map(TimedOffset::offset)
                    .orElseGet(log::durableEnd);
            default -> throw HttpProblem
                    .badRequest("'to' is earliest, latest, offset or time");
        };
    }
}
