package io.taffrail.cli.start;

import io.taffrail.cli.config.KeyCatalog;
import java.util.List;

/** Which config records there are: the one place that lists them. */
public final class Configuration {

    private Configuration() {}

    /** The keys of all of them. */
    public static KeyCatalog catalog() {
        return KeyCatalog.of(List.of(ServerConfig.class));
    }
}
