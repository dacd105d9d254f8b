package io.taffrail.http.management;

import io.taffrail.broker.traffic.MessageCounts;
import io.taffrail.broker.traffic.MessageEvent;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.sample.Numbers;
import io.taffrail.http.sample.Series;
import io.taffrail.http.sample.Series.Point;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes numbers with their rates, {@code NAME} and {@code NAME_details}, and with samples if the
 * request asks for them by {@code lengths_age}, {@code msg_rates_age} or {@code data_rates_age} and
 * the {@code _incr} that belongs to it, in seconds.
 */
final class Rates {

    /** Most samples of one number in an answer. */
    private static final int MAX_SAMPLES = 1000;
    private static final long MS = 1000;

    /** A number of {@code message_stats}: a sum of events. */
    record Stat(String name, ToLongFunction<MessageCounts> value, int... indexes) {

        Stat(String name, MessageEvent event) {
            this(name, counts -> counts.of(event), event.index());
        }
    }

    private static final Stat DELIVER_GET = new Stat("deliver_get", MessageCounts::handedOut,
            MessageEvent.DELIVERED.index(), MessageEvent.DELIVERED_SETTLED.index(),
            MessageEvent.GOT.index(), MessageEvent.GOT_SETTLED.index());

    /** Numbers of a queue. */
    static final List<Stat> OF_QUEUE = List.of(new Stat("publish", MessageEvent.PUBLISHED),
            new Stat("ack", MessageEvent.ACKNOWLEDGED),
            new Stat("deliver", MessageEvent.DELIVERED),
            DELIVER_GET,
            new Stat("deliver_no_ack", MessageEvent.DELIVERED_SETTLED),
            new Stat("get", MessageEvent.GOT),
            new Stat("get_empty", MessageEvent.GOT_NOTHING),
            new Stat("get_no_ack", MessageEvent.GOT_SETTLED),
            new Stat("redeliver", MessageEvent.REDELIVERED));

    /** Numbers of a channel, of a virtual host and of all. */
    static final List<Stat> OF_PUBLISHERS = with(OF_QUEUE,
            new Stat("confirm", MessageEvent.CONFIRMED),
            new Stat("return_unroutable", MessageEvent.RETURNED),
            new Stat("drop_unroutable", MessageEvent.DROPPED));

    private final long nowMs;
    private final @Nullable Window lengths;
    private final @Nullable Window messages;
    private final @Nullable Window octets;

    private record Window(long ageMs, long stepMs) {}

    Rates(HttpCall call, long nowMs) {
        this.nowMs = nowMs;
        this.lengths = window(call, "lengths");
        this.messages = window(call, "msg_rates");
        this.octets = window(call, "data_rates");
    }

    private static List<Stat> with(List<Stat> some, Stat... more) {
        List<Stat> all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return List.copyOf(all);
    }

    private static @Nullable Window window(HttpCall call, String name) {
        Optional<String> age = call.query(name + "_age");
        Optional<String> step = call.query(name + "_incr");
        if (age.isEmpty() || step.isEmpty()) {
            return null;
        }
        try {
            Window window = new Window(Long.parseLong(age.get()) * MS,
                    Long.parseLong(step.get()) * MS);
            if (window.stepMs <= 0 || window.ageMs < 0
                    || window.ageMs / window.stepMs > MAX_SAMPLES) {
                throw HttpProblem.badRequest("'" + name + "_age' and '" + name
                        + "_incr' ask for more than " + MAX_SAMPLES + " samples");
            }
            return window;
        } catch (NumberFormatException _) {
            throw HttpProblem.badRequest("'" + name + "_age' and '" + name
                    + "_incr' are seconds");
        }
    }

    /** Whether the request asks for samples. */
    boolean wantsSamples() {
        return lengths != null || messages != null || octets != null;
    }

    /** Adds {@code message_stats} if there was any traffic. */
    void stats(Map<String, @Nullable Object> object, List<Stat> stats, MessageCounts counts,
            Optional<Series> series) {
        if (counts.isEmpty()) {
            return;
        }
        Map<String, @Nullable Object> numbers = new LinkedHashMap<>();
        for (Stat stat : stats) {
            number(numbers, stat.name(), stat.value().applyAsLong(counts), series, messages,
                    stat.indexes());
        }
        object.put("message_stats", numbers);
    }

    /** Adds the numbers of messages of a queue, or of several together. */
    void depths(Map<String, @Nullable Object> object, long ready, long held,
            Optional<Series> series) {
        number(object, "messages", ready + held, series, lengths, Numbers.READY, Numbers.HELD);
        number(object, "messages_ready", ready, series, lengths, Numbers.READY);
        number(object, "messages_unacknowledged", held, series, lengths, Numbers.HELD);
    }

    /** Adds a number of messages that is not among the events. */
    void messages(Map<String, @Nullable Object> object, String name, long value,
            Optional<Series> series, int index) {
        number(object, name, value, series, messages, index);
    }

    /** Adds bytes received and sent. */
    void octets(Map<String, @Nullable Object> object, long received, long sent,
            Optional<Series> series, int first) {
        number(object, "recv_oct", received, series, octets, first);
        number(object, "send_oct", sent, series, octets, first + 1);
    }

    private void number(Map<String, @Nullable Object> object, String name, long value,
            Optional<Series> series, @Nullable Window window, int... indexes) {
        object.put(name, value);
        Map<String, @Nullable Object> details = new LinkedHashMap<>();
        double rate = 0;
        for (int index : indexes) {
            rate += series.map(it -> it.rate(index)).orElse(0.0);
        }
        details.put("rate", rate);
        if (window != null) {
            series.ifPresent(it -> samples(details, it, window, indexes));
        }
        object.put(name + "_details", details);
    }

    private void samples(Map<String, @Nullable Object> details, Series series, Window window,
            int... indexes) {
        List<Point> sums = new ArrayList<>();
        for (int index : indexes) {
            List<Point> points = series.points(index, nowMs, window.ageMs, window.stepMs);
            if (sums.isEmpty()) {
                sums.addAll(points);
            } else {
                for (int i = 0; i < Math.min(sums.size(), points.size()); i++) {
                    Point one = sums.get(i);
                    sums.set(i, new Point(one.timeMs(), one.value() + points.get(i).value()));
                }
            }
        }
        if (sums.isEmpty()) {
            return;
        }
        Point first = sums.getLast();
        Point last = sums.getFirst();
        long elapsedMs = last.timeMs() - first.timeMs();
        details.put("samples", sums.stream()
                .map(it -> Map.of("sample", it.value(), "timestamp", it.timeMs())).toList());
        details.put("avg", sums.stream().mapToLong(Point::value).average().orElse(0));
        details.put("avg_rate", elapsedMs == 0
                ? 0.0
                : (last.value() - first.value()) * (double) MS / elapsedMs);
    }
}
