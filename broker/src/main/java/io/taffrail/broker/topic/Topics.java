package io.taffrail.broker.topic;

import io.taffrail.log.spi.Registration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/**
 * The catalog of topics. Look-ups are lock-free and safe for any thread. Changes are made one after
 * another; their results complete on the catalog's thread, which must not be blocked, and fail only
 * if the metadata store failed.
 */
public interface Topics {

    /** The topic with this name, if it exists; internal and hosted ones included. */
    Optional<Topic> find(String name);

    /** The topic with this id, if it exists; ids are never reused. */
    Optional<Topic> find(UUID id);

    /**
     * All topics, including internal ones, in no order; a view that is safe while topics change.
     */
    Collection<Topic> all();

    /** Creates a topic and opens its logs; durable when complete. */
    CompletableFuture<TopicOutcome> create(NewTopic topic);

    /** The reason why {@link #create} would be refused now; empty if it would not. */
    Optional<TopicOutcome.Refused> check(NewTopic topic);

    /** Finds the topic, or creates it. Concurrent callers get the same topic. */
    CompletableFuture<TopicOutcome> findOrCreate(NewTopic topic);

    /** Deletes a topic with its logs. */
    CompletableFuture<TopicOutcome> delete(String name);

    /** The reason why {@link #addPartitions} would be refused now; empty if it would not. */
    Optional<TopicOutcome.Refused> checkPartitions(String name, int count);

    /** Adds partitions up to {@code count}, which must exceed the current number. */
    CompletableFuture<TopicOutcome> addPartitions(String name, int count);

    /**
     * Replaces a topic's overrides by the result of {@code change}, which runs when earlier changes
     * have been made.
     */
    CompletableFuture<TopicOutcome> alterConfig(String name,
            UnaryOperator<Map<String, String>> change);

    /**
     * The reason why {@link #alterConfig} to these overrides would be refused now; empty if it
     * would not.
     */
    Optional<TopicOutcome.Refused> checkConfig(String name, Map<String, String> overrides);

    /** The current defaults of topics. */
    TopicDefaults defaults();

    /** The settings of compaction that the engine was started with. */
    CleanerDefaults cleaner();

    /**
     * Replaces the defaults set at run time by the result of {@code change}, and applies them to
     * all topics; durable when complete. Completes with a refusal, or empty on success.
     */
    CompletableFuture<Optional<TopicOutcome.Refused>> alterDefaults(TopicDefaults.Scope scope,
            UnaryOperator<Map<String, String>> change);

    /**
     * The reason why {@link #alterDefaults} to these values would be refused now; empty if it would
     * not.
     */
    Optional<TopicOutcome.Refused> checkDefaults(TopicDefaults.Scope scope,
            Map<String, String> values);

    /**
     * Reports that a partition's log has failed for good
     * ({@link io.taffrail.log.Refusal#STORAGE_FAILED}). It is reopened after about a second; if
     * that fails, the next report starts another attempt. Until then reads use the old log. A log
     * that the engine has quarantined is not reopened before {@link #reopenNow}, because its own
     * code failed and may fail again.
     */
    void reopen(Partition failed);

    /**
     * Reopens a partition's log from the data on disk; completes when it is in use. Refused if it
     * cannot be opened, or if the topic is a hosted one.
     */
    CompletableFuture<TopicOutcome> reopenNow(String topic, int partition);

    /**
     * Registers a listener after passing the existing topics to it as {@code changed}; it misses no
     * change and sees none twice.
     */
    Registration watch(TopicListener listener);
}
