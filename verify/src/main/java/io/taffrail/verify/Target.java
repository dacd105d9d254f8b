package io.taffrail.verify;

import io.taffrail.verify.amqp.QueueType;
import io.taffrail.verify.broker.Preset;
import java.util.Optional;
import java.util.Set;

/**
 * What is verified: a broker that runs, or one that is started.
 *
 * @param kafka
 *            address for Kafka clients
 * @param amqp
 *            address or URI for AMQP clients
 * @param pid
 *            of a running broker, for faults that need no start
 * @param preset
 *            how one is started; the addresses are chosen then
 * @param queues
 *            one queue of each type, if it speaks AMQP
 */
public record Target(Optional<String> kafka, Optional<String> amqp, Optional<Long> pid,
        Optional<Preset> preset, Set<QueueType> queues) {

    /** For people. */
    public String description() {
        return preset.map(Preset::description).orElseGet(
                () -> kafka.or(() -> amqp).orElse("nothing"));
    }
}
