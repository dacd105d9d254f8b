package io.taffrail.kafka.client;

import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.common.config.ConfigResource;

/**
 * One setting of a topic or group.
 *
 * @param value
 *            empty if the broker does not show the value
 * @param own
 *            true if it is set on the topic or group itself, false if it is inherited
 */
public record ResourceSetting(String name, String value, boolean own) {

    /** The settings in force for a topic or group, by name. */
    static List<ResourceSetting> of(Admin admin, ConfigResource resource) {
        ConfigSource own = resource.type() == ConfigResource.Type.GROUP
                ? ConfigSource.DYNAMIC_GROUP_CONFIG
                : ConfigSource.DYNAMIC_TOPIC_CONFIG;
        return Failures.await("settings of " + resource.name(),
                admin.describeConfigs(List.of(resource)).all())
                .values().stream()
                .flatMap(config -> config.entries().stream())
                .map(entry -> new ResourceSetting(entry.name(),
                        entry.value() == null ? "" : entry.value(), entry.source() == own))
                .sorted(Comparator.comparing(ResourceSetting::name))
                .toList();
    }
}
