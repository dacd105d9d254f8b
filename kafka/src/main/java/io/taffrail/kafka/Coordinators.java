package io.taffrail.kafka;

import io.taffrail.broker.Broker;
import io.taffrail.kafka.groups.GroupSettings;
import io.taffrail.kafka.groups.GroupThreads;
import io.taffrail.kafka.groups.Groups;
import io.taffrail.kafka.transactions.OpenTransactions;
import io.taffrail.kafka.transactions.TransactionSettings;
import io.taffrail.kafka.transactions.Transactions;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.apache.kafka.server.common.TransactionVersion;

/**
 * The coordinators of groups and of transactions.
 *
 * @param open
 *            the transactional producers, as the coordinator of transactions publishes them
 */
record Coordinators(Groups groups, Transactions transactions,
        OpenTransactions open) implements AutoCloseable {

    static Coordinators start(Broker broker, GroupSettings groupSettings,
            TransactionSettings transactionSettings, GroupThreads threads, Executor disk) {
        OpenTransactions open = new OpenTransactions();
        Groups groups = Groups.start(broker, groupSettings, threads, open);
        return new Coordinators(groups,
                Transactions.start(broker, transactionSettings, open, groups, disk), open);
    }

    /** Features to advertise, each with its highest and finalized level (KIP-584). */
    Map<String, Short> features() {
        Map<String, Short> features = new TreeMap<>(groups.features());
        features.put(TransactionVersion.FEATURE_NAME, TransactionVersion.TV_2.featureLevel());
        return features;
    }

    /** Must not be called on an owner's thread. */
    @Override
    public void close() {
        transactions.close();
        groups.close();
    }
}
