package io.taffrail.cli.verify;

import io.taffrail.cli.terminal.Failure;
import io.taffrail.verify.amqp.TargetQueueType;
import io.taffrail.verify.load.LoadSettings;
import io.taffrail.verify.load.WorkloadKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** Options for the load and its target. */
final class LoadOptions {

    private static final int MOST_CLIENTS = 100;
    private static final int MOST_BYTES = 1_000_000;

    @Option(names = "--workload", paramLabel = "KIND", defaultValue = "messages", description = "What the clients do: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). The last two use Kafka's protocol only.")
    private WorkloadKind kind = WorkloadKind.messages;

    @Option(names = "--producers", paramLabel = "N", defaultValue = "2", description = "Producers of each protocol and queue (default: ${DEFAULT-VALUE}).")
    private int producers = 2;

    @Option(names = "--consumers", paramLabel = "N", defaultValue = "2", description = "Members of the group, consumers of each queue (default: ${DEFAULT-VALUE}).")
    private int consumers = 2;

    @Option(names = "--partitions", paramLabel = "N", defaultValue = "3", description = "Partitions of the topic (default: ${DEFAULT-VALUE}).")
    private int partitions = 3;

    @Option(names = "--rate", paramLabel = "N", defaultValue = "5000", description = "Messages per second and protocol, as far as the broker keeps up (default: ${DEFAULT-VALUE}).")
    private int rate = 5000;

    @Option(names = "--size", paramLabel = "BYTES", defaultValue = "200", description = "Size of a message (default: ${DEFAULT-VALUE}).")
    private int size = 200;

    @Option(names = "--queues", paramLabel = "TYPE", split = ",", defaultValue = "classic,quorum", description = "Durable AMQP queues, one of each type: ${COMPLETION-CANDIDATES} (default: both).")
    private List<TargetQueueType> queues = List.of(TargetQueueType.values());

    LoadSettings settings(long seed) {
        between("--producers", producers, MOST_CLIENTS);
        between("--consumers", consumers, MOST_CLIENTS);
        between("--partitions", partitions, MOST_CLIENTS);
        between("--rate", rate, Integer.MAX_VALUE);
        between("--size", size, MOST_BYTES);
        return new LoadSettings(kind, "verify-" + Long.toHexString(seed), producers, consumers,
                partitions, rate, size);
    }

    Set<TargetQueueType> queues() {
        return EnumSet.copyOf(queues);
    }

    private static void between(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw Failure.usage(option + " must be from 1 to " + most);
        }
    }
}
