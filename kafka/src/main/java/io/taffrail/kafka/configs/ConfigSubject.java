package io.taffrail.kafka.configs;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.config.ConfigResource;

/**
 * A kind of resource that has settings. Methods fail with an
 * {@link org.apache.kafka.common.errors.ApiException}, which is the client's error for that
 * resource.
 */
public interface ConfigSubject {

    ConfigResource.Type type();

    /** Names of all resources of this kind that can be described. */
    List<String> names();

    /** All settings of a resource. */
    List<ConfigEntry> describe(String name);

    /** The inherited value of a list setting; fails if the setting is not a list. */
    String inheritedList(String setting);

    /** A resource's own values without those that setting or removing {@code setting} replaces. */
    default Map<String, String> before(Map<String, String> own, String setting) {
        return own;
    }

    /**
     * Changes a resource's own values: all of them or none.
     *
     * @param change
     *            computes the new values from the present ones; must not fail
     * @param validateOnly
     *            true to check the change without making it
     */
    CompletionStage<?> alter(String name, UnaryOperator<Map<String, String>> change,
            boolean validateOnly);
}
