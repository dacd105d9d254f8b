package io.taffrail.broker.topic;

/**
 * A listener for changes of the catalog. Called in the order of the changes, after each is durable,
 * on a thread of the catalog, which it must not block.
 */
public interface TopicListener {

    /** A topic was created, or has new partitions or settings. */
    void changed(Topic topic);

    /** A topic was deleted, or a hosted one is no longer shown. */
    void deleted(Topic topic);
}
