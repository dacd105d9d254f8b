package io.taffrail.http.metrics;

import io.taffrail.log.config.Key;

/** Settings of metrics. */
public record MetricsConfig(
        @Key(value = "metrics.anonymous", byDefault = "false", doc = "Whether /metrics needs no login although the HTTP listener is not on a loopback address; otherwise it needs a user with the tag monitoring there.") boolean anonymous) {}
