package io.taffrail.broker.topic;

/**
 * The registry for components that show their own logs as topics. Hosted topics are found, listed,
 * written and read like all others; they are changed and deleted by the component that owns them.
 * Safe for any thread.
 */
public interface TopicHosting {

    /** All topics, including hosted ones. */
    Topics topics();

    /** Whether this is a hosted topic. */
    boolean isHosted(String name);

    /** Reserves a name; false if a topic has it or is about to get it. */
    boolean reserve(String name);

    /** Releases a reserved name. */
    void release(String name);

    /** Shows a log as a topic. */
    void show(HostedTopic topic);

    /** Hides a hosted topic. */
    void hide(String name);
}
