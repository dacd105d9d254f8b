package io.taffrail.kafka.cluster;

import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;

/**
 * A topic of an answer to Metadata that hashes by its identity. The answer keeps topics in a table
 * by name, where names of one hash, and all topics that are not there and were named by id, would
 * push each other for minutes.
 */
final class AnsweredTopic extends MetadataResponseTopic {

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
