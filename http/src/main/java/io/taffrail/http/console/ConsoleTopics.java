package io.taffrail.http.console;

import io.taffrail.broker.BrokerException;
import io.taffrail.broker.topic.NewTopic;
import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.topic.TopicOutcome;
import io.taffrail.broker.topic.Topics;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpFields;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import io.taffrail.log.spi.ReadableLog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Topics with their partitions, and their records. Topics belong to no virtual host: looking asks
 * for the tag {@code monitoring}, changes and records for {@code administrator}.
 */
final class ConsoleTopics {

    private static final int MOST_RECORDS = 200;
    private static final int USUAL_RECORDS = 50;
    private static final int BODY_BYTES = 16 << 10;

    private final Topics topics;

    ConsoleTopics(Topics topics) {
        this.topics = topics;
    }

    void register(HttpRoutes routes) {
        String one = "/api/taffrail/topics/{topic}";
        routes.on("GET", "/api/taffrail/topics", HttpTag.MONITORING, _ -> list())
                .on("GET", one, HttpTag.MONITORING, this::show)
                .on("PUT", one, HttpTag.ADMINISTRATOR, this::create)
                .on("DELETE", one, HttpTag.ADMINISTRATOR,
                        call -> changed(topics.delete(call.parameter("topic")).join(), 204))
                .on("GET", one + "/{partition}/messages", HttpTag.ADMINISTRATOR, this::records);
    }

    private HttpAnswer list() {
        List<Topic> all = new ArrayList<>(topics.all());
        all.sort(Comparator.comparing(Topic::name));
        return HttpAnswer.json(all.stream().map(ConsoleTopics::object).toList());
    }

    private static Map<String, Object> object(Topic topic) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", topic.name());
        object.put("internal", topic.internal());
        object.put("partitions", topic.partitions().size());
        object.put("records", topic.partitions().stream().map(Partition::log)
                .mapToLong(log -> log.durableEnd() - log.startOffset()).sum());
        object.put("end", topic.partitions().stream().map(Partition::log)
                .mapToLong(ReadableLog::durableEnd).sum());
        object.put("bytes", topic.partitions().stream().map(Partition::log)
                .mapToLong(ReadableLog::sizeBytes).sum());
        object.put("offline", topic.partitions().stream()
                .filter(it -> it.offline().isPresent()).count());
        return object;
    }

    private Topic existing(HttpCall call) {
        return topics.find(call.parameter("topic")).orElseThrow(HttpProblem::notFound);
    }

    private HttpAnswer show(HttpCall call) {
        Topic topic = existing(call);
        Map<String, Object> object = object(topic);
        object.put("id", topic.id().toString());
        object.put("config", new TreeMap<>(topic.config().overrides()));
        object.put("partition_list", topic.partitions().stream().map(ConsoleTopics::object)
                .toList());
        return HttpAnswer.json(object);
    }

    private static Map<String, Object> object(Partition partition) {
        ReadableLog log = partition.log();
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("partition", partition.index());
        object.put("start", log.startOffset());
        object.put("end", log.durableEnd());
        object.put("last_stable", log.lastStableOffset());
        object.put("bytes", log.sizeBytes());
        object.put("segments", log.segmentCount());
        partition.offline().ifPresent(cause -> object.put("offline", cause));
        return object;
    }

    private HttpAnswer create(HttpCall call) {
        HttpFields fields = call.fields();
        Map<String, String> config = new LinkedHashMap<>();
        fields.map("config").forEach((name, value) -> config.put(String.valueOf(name),
                String.valueOf(value)));
        long partitions = fields.number("partitions", 1);
        if (partitions < 1 || partitions > Integer.MAX_VALUE) {
            throw HttpProblem.badRequest("'partitions' is at least 1");
        }
        return changed(topics.create(NewTopic.of(call.parameter("topic"), (int) partitions,
                config)).join(), 201);
    }

    private static HttpAnswer changed(TopicOutcome outcome, int status) {
        return switch (outcome) {
            case TopicOutcome.Done _ -> HttpAnswer.empty(status);
            case TopicOutcome.Refused refused ->
                throw new BrokerException(refused.error(), refused.detail());
        };
    }

    private HttpAnswer records(HttpCall call) {
        long index = BrowseRoutes.offset(call.parameter("partition"));
        ReadableLog log = existing(call).partition(Math.toIntExact(Math.clamp(index, -1,
                Integer.MAX_VALUE))).orElseThrow(HttpProblem::notFound).log();
        LogPage page = new LogPage(log, BrowseRoutes.from(call, log));
        page.read(BrowseRoutes.number(call, "limit", USUAL_RECORDS, MOST_RECORDS),
                new MessageFilter(call), new MessageForm(BODY_BYTES));
        return HttpAnswer.json(page.object());
    }
}
