package io.taffrail.cli.terminal;

import io.taffrail.kafka.client.ResourceSetting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Settings of a topic or group in the output of a command.
 *
 * @param settings
 *            those in force, by name
 */
public record SettingLines(List<ResourceSetting> settings) {

    /**
     * Prints a line for each setting of the object itself.
     *
     * @param all
     *            true to print inherited ones too
     */
    public void print(boolean all, Output out) {
        settings.stream().filter(setting -> all || setting.own())
                .forEach(setting -> out.line("setting     " + setting.name() + " = "
                        + setting.value() + (setting.own() ? "" : "  (default)")));
    }

    /** Adds {@code settings}, all in force, and {@code own_settings} to a JSON object. */
    public void put(Map<String, Object> object) {
        Map<String, Object> all = new LinkedHashMap<>();
        Map<String, Object> own = new LinkedHashMap<>();
        for (ResourceSetting setting : settings) {
            all.put(setting.name(), setting.value());
            if (setting.own()) {
                own.put(setting.name(), setting.value());
            }
        }
        object.put("settings", all);
        object.put("own_settings", own);
    }
}
