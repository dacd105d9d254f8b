package io.taffrail.broker.topic;

import io.taffrail.log.spi.Registration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/**
 * The catalog of topics. Look-ups are lock-free and safe for any thread; changes are made one after
 * the other, and their results complete on the catalog's thread, which must not be blocked. Results
 * fail only where the metadata store failed.
 */
public interface Topics {

    Optional<Topic> find(String name);

    Optional<Topic> find(UUID id);

    /** All topics, internal ones too, in no order; a view that is safe while topics change. */
    Collection<Topic> all();

    /** Creates a topic and opens its logs; durable when done. */
    CompletableFuture<TopicOutcome> create(NewTopic topic);

    /** What {@link #create} would refuse as of now; empty if nothing. */
    Optional<TopicOutcome.Refused> check(NewTopic topic);

    /**
     * The topic if it is there, else as created by this call. Two callers at once get the same
     * topic.
     */
    CompletableFuture<TopicOutcome> findOrCreate(NewTopic topic);

    /** Deletes a topic with its logs. */
    CompletableFuture<TopicOutcome> delete(String name);

    /** What {@link #addPartitions} would refuse as of now; empty if nothing. */
    Optional<TopicOutcome.Refused> checkPartitions(String name, int count);

    /** Adds partitions up to {@code count}, which is more than there are. */
    CompletableFuture<TopicOutcome> addPartitions(String name, int count);

    /**
     * Replaces a topic's overrides by what {@code change} makes of them; it is run when earlier
     * changes have been made.
     */
    CompletableFuture<TopicOutcome> alterConfig(String name,
            UnaryOperator<Map<String, String>> change);

    /** What {@link #alterConfig} to these overrides would refuse as of now; empty if nothing. */
    Optional<TopicOutcome.Refused> checkConfig(String name, Map<String, String> overrides);

    /** What topics have where they set nothing. */
    TopicDefaults defaults();

    /**
     * Replaces the defaults set while the broker runs by what {@code change} makes of them, and has
     * every topic follow; durable when done. Completes with why not, if not.
     */
    CompletableFuture<Optional<TopicOutcome.Refused>> alterDefaults(TopicDefaults.Scope scope,
            UnaryOperator<Map<String, String>> change);

    /** What {@link #alterDefaults} to these values would refuse as of now; empty if nothing. */
    Optional<TopicOutcome.Refused> checkDefaults(TopicDefaults.Scope scope,
            Map<String, String> values);

    /**
     * Says that a partition's log has failed for good
     * ({@link io.taffrail.log.Refusal#STORAGE_FAILED}):
     * it is opened anew within a second or so, and again later if that fails too and it is said
     * again. Until then the old log goes on being read. One that the engine has quarantined waits
     * for {@link #reopenNow}: its own code failed, and may do so again.
     */
    void reopen(Partition failed);

    /**
     * Opens a partition's log anew from what is on disk; completes when that is in use. Refused
     * where it cannot be opened; a topic that somebody else keeps is not opened here.
     */
    CompletableFuture<TopicOutcome> reopenNow(String topic, int partition);

    /**
     * Registers a listener after replaying the present topics to it as {@code changed}; no change
     * is missed or told twice.
     */
    Registration watch(TopicListener listener);
}
