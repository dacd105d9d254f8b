package io.taffrail.kafka.groups;

import java.util.function.Supplier;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRuntime.CoordinatorState;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRuntimeMetrics;

/**
 * Metrics of the coordinator runtime that record nothing. Kafka's implementation has seven
 * HdrHistograms of a few hundred kilobytes each, and nothing here reads them.
 */
final class UnmeasuredRuntime implements CoordinatorRuntimeMetrics {

    @Override
    public void recordPartitionStateChange(CoordinatorState before, CoordinatorState after) {}

    @Override
    public void recordPartitionLoadSensor(long startTimeMs, long endTimeMs) {}

    @Override
    public void recordEventQueueTime(long durationMs) {}

    @Override
    public void recordEventProcessingTime(long durationMs) {}

    @Override
    public void recordEventPurgatoryTime(long durationMs) {}

    @Override
    public void recordLingerTime(long durationMs) {}

    @Override
    public void recordFlushTime(long durationMs) {}

    @Override
    public void recordThreadIdleTime(double idleTimeMs) {}

    @Override
    public void recordBackgroundQueueTime(long durationMs) {}

    @Override
    public void recordBackgroundProcessingTime(long durationMs) {}

    @Override
    public void recordBackgroundThreadBusyTime(double busyTimeMs) {}

    @Override
    public void registerEventQueueSizeGauge(Supplier<Integer> size) {}

    @Override
    public void registerBufferCacheSizeGauge(Supplier<Long> sizeBytes) {}

    @Override
    public void recordBufferCacheDiscarded() {}

    @Override
    public void close() {}
}
