package io.taffrail.broker.topic;

/**
 * Told of every change of the catalog, in order, after it is durable; on a thread of the catalog,
 * not to be blocked.
 */
public interface TopicListener {

    /** A topic was created, got partitions or other settings. */
    void changed(Topic topic);

    void deleted(Topic topic);
}
