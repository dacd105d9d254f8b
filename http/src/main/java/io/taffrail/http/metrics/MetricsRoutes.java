package io.taffrail.http.metrics;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/**
 * {@code /metrics} for Prometheus, in its text format or OpenMetrics: sums, values of each object
 * ({@code /metrics/per-object}), or chosen groups ({@code /metrics/detailed}).
 */
public final class MetricsRoutes {

    private static final String OPEN_METRICS = "application/openmetrics-text";
    private static final String RABBIT = "rabbitmq_";
    private static final String DETAILED = "rabbitmq_detailed_";

    private MetricsRoutes() {}

    /** Adds the routes to a table. */
    public static void register(HttpRoutes routes, MetricsContext context) {
        HttpTag tag = context.anonymous() ? HttpTag.ANYBODY : HttpTag.MONITORING;
        routes.on("GET", "/metrics", tag, call -> answer(context, call, false))
                .on("GET", "/metrics/per-object", tag, call -> answer(context, call, true))
                .on("GET", "/metrics/detailed", tag, call -> detailed(context, call));
    }

    private static HttpAnswer answer(MetricsContext context, HttpCall call, boolean perObject) {
        Scrape scrape = new Scrape(new Families(), RABBIT, perObject, Set.of(), Set.of());
        new BrokerMetrics(context).add(scrape);
        return written(call, scrape);
    }

    private static HttpAnswer detailed(MetricsContext context, HttpCall call) {
        Set<String> groups = values(call, "family");
        Scrape scrape = new Scrape(new Families(), DETAILED, true,
                groups.isEmpty() ? Set.of("none") : groups, values(call, "vhost"));
        new BrokerMetrics(context).add(scrape);
        return written(call, scrape);
    }

    private static Set<String> values(HttpCall call, String name) {
        Set<String> values = new LinkedHashSet<>();
        call.queries(name).forEach(it -> values.addAll(Arrays.asList(it.split(",", -1))));
        values.remove("");
        return values;
    }

    private static HttpAnswer written(HttpCall call, Scrape scrape) {
        boolean open = call.header("accept").filter(it -> it.contains(OPEN_METRICS)).isPresent();
        ExpositionFormatWriter writer = open
                ? OpenMetricsTextFormatWriter.create()
                : PrometheusTextFormatWriter.create();
        boolean packed = call.header("accept-encoding").filter(it -> it.contains("gzip"))
                .isPresent();
        HttpAnswer answer = new HttpAnswer(200, writer.getContentType(), Map.of(), out -> {
            if (packed) {
                GZIPOutputStream zip = new GZIPOutputStream(out);
                writer.write(zip, scrape.families().snapshots(),
                        EscapingScheme.UNDERSCORE_ESCAPING);
                zip.finish();
            } else {
                writer.write(out, scrape.families().snapshots(),
                        EscapingScheme.UNDERSCORE_ESCAPING);
            }
        });
        return packed ? answer.with("content-encoding", "gzip") : answer;
    }
}
