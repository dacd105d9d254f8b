package io.taffrail.bench.report;

import java.util.Locale;

/** A figure measured in a run, with its unit and its output format. */
public enum Metric {
    RECORDS_PER_S("records_per_s", "records/s", 0),
    RECORDS_PER_S_WITH_JOIN("records_per_s_with_join", "records/s incl. group join", 0),
    LATENCY_AVG_MS("latency_avg_ms", "latency avg, ms", 2),
    LATENCY_P50_MS("latency_p50_ms", "latency p50, ms", 2),
    LATENCY_P99_MS("latency_p99_ms", "latency p99, ms", 2),
    LATENCY_P999_MS("latency_p999_ms", "latency p99.9, ms", 2),
    LATENCY_MAX_MS("latency_max_ms", "latency max, ms", 2),
    BROKER_CPU_S_PER_MILLION("broker_cpu_s_per_million", "broker CPU s per million records", 2),
    BROKER_CORES("broker_cores", "broker cores used", 2),
    CLIENT_CORES("client_cores", "client cores used", 2),
    CLIENT_THREAD_SHARE("client_busiest_thread_share", "client's busiest thread, share of a core",
            2),
    OTHER_CORES("other_cores", "cores used by anything else", 2),
    FIRST_ANSWER_MS("first_api_versions_ms", "fork to first ApiVersions answer, ms", 0),
    FIRST_PRODUCE_MS("first_produce_ms", "fork to first acknowledged produce, ms", 0),
    RESTART_TERM_MS("restart_after_sigterm_ms", "restart after SIGTERM to serving, ms", 0),
    RESTART_KILL_MS("restart_after_sigkill_ms", "restart after SIGKILL to serving, ms", 0),
    CREATE_MS("create_ms", "creating the partitions, ms", 0),
    STOP_MS("stop_ms", "SIGTERM to exit, ms", 0),
    RESIDENT_MIB("resident_mib", "resident memory idle, MiB", 0),
    IDLE_CORES("idle_cores", "cores used idle", 3);

    private final String key;
    private final String label;
    private final int decimals;

    Metric(String key, String label, int decimals) {
        this.key = key;
        this.label = label;
        this.decimals = decimals;
    }

    /** Name in the JSON lines. */
    public String key() {
        return key;
    }

    /** Name in the tables, with the unit. */
    public String label() {
        return label;
    }

    public String format(double value) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
