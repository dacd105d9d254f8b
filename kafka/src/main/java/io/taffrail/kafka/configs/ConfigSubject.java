package io.taffrail.kafka.configs;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.config.ConfigResource;

/**
 * A kind of thing that has settings. Methods fail with an
 * {@link org.apache.kafka.common.errors.ApiException} that the client is told for this one thing.
 */
public interface ConfigSubject {

    ConfigResource.Type type();

    /** Every thing of this kind that can be described. */
    List<String> names();

    /** All settings of a thing. */
    List<ConfigEntry> describe(String name);

    /** The value of a list setting where the thing sets none; fails if it is not a list. */
    String inheritedList(String setting);

    /** What remains of a thing's own values before {@code setting} is set or removed. */
    default Map<String, String> before(Map<String, String> own, String setting) {
        return own;
    }

    /**
     * Changes the values a thing sets itself, all or none.
     *
     * @param change
     *            makes the new values of the present ones; does not fail
     * @param validateOnly
     *            only say whether it could be done
     */
    CompletionStage<?> alter(String name, UnaryOperator<Map<String, String>> change,
            boolean validateOnly);
}
