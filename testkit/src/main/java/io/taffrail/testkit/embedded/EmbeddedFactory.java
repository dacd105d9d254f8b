package io.taffrail.testkit.embedded;

import io.taffrail.testkit.bridge.EmbeddedBroker;
import io.taffrail.testkit.bridge.EmbeddedBrokers;
import java.time.InstantSource;
import java.util.Map;

/** What the testkit finds by name in the broker's class loader. */
public final class EmbeddedFactory implements EmbeddedBrokers {

    @Override
    public EmbeddedBroker start(Map<String, String> settings, InstantSource clock) {
        return new Embedded(settings, clock);
    }
}
