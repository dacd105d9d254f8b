package io.taffrail.kafka.fetch;

import org.apache.kafka.common.message.FetchResponseData.PartitionData;

/** What was read of one partition. */
record Fetched(FetchTarget target, PartitionData data) {}
