package io.taffrail.broker.topic;

/**
 * The catalog for those who keep logs of their own that are to be seen as topics. Such topics are
 * found, listed, written and read as all are; they are changed and deleted by whoever keeps them.
 * Safe for any thread.
 */
public interface TopicHosting {

    /** All topics, hosted ones too. */
    Topics topics();

    /** Whether somebody else keeps the topic of this name. */
    boolean isHosted(String name);

    /** Keeps a name from being taken until it is released; false if a topic has it or gets it. */
    boolean reserve(String name);

    /** Ends a reservation. */
    void release(String name);

    /** Shows a log as a topic. */
    void show(HostedTopic topic);

    /** Ends what {@link #show} began. */
    void hide(String name);
}
