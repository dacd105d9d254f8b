package io.taffrail.kafka.fetch;

import org.apache.kafka.common.message.FetchResponseData.PartitionData;

/** Result of reading one partition. */
record Fetched(FetchTarget target, PartitionData data) {}
