package io.taffrail.verify;

import io.taffrail.verify.amqp.TargetQueueType;
import io.taffrail.verify.broker.Preset;
import java.util.Optional;
import java.util.Set;

/**
 * The broker to verify: one that is already running, or one that the run starts.
 *
 * @param kafka
 *            address for Kafka clients; for a running broker only
 * @param amqp
 *            address or URI for AMQP clients; for a running broker only
 * @param pid
 *            process id of a running broker, for faults that need no start
 * @param preset
 *            the kind of broker to start; the run then chooses its addresses
 * @param queues
 *            types of queues to test, one queue of each, if the broker speaks AMQP
 */
public record Target(Optional<String> kafka, Optional<String> amqp, Optional<Long> pid,
        Optional<Preset> preset, Set<TargetQueueType> queues) {

    /** Returns a description for the report. */
    public String description() {
        return preset.map(Preset::description).orElseGet(
                () -> kafka.or(() -> amqp).orElse("nothing"));
    }
}
