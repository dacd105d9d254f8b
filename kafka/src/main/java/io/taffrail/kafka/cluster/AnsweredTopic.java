package io.taffrail.kafka.cluster;

import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;

/**
 * A topic of a Metadata response, hashed by identity. The response class keeps topics in a hash
 * table with linear probing. Hashed by name, names with equal hashes, and all unknown topics that
 * were requested by id, would make that table take minutes.
 */
final class AnsweredTopic extends MetadataResponseTopic {

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
