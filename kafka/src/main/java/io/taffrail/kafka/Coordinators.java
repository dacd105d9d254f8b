package io.taffrail.kafka;

import io.taffrail.broker.Broker;
import io.taffrail.kafka.api.FeatureLevels;
import io.taffrail.kafka.groups.GroupSettings;
import io.taffrail.kafka.groups.GroupThreads;
import io.taffrail.kafka.groups.Groups;
import io.taffrail.kafka.transactions.OpenTransactions;
import io.taffrail.kafka.transactions.TransactionSettings;
import io.taffrail.kafka.transactions.Transactions;
import java.util.concurrent.Executor;

/**
 * The coordinators of groups and of transactions.
 *
 * @param open
 *            the transactional producers, as the coordinator of transactions publishes them
 * @param features
 *            levels of the features that clients and operators choose
 */
record Coordinators(Groups groups, Transactions transactions,
        OpenTransactions open,
        FeatureLevels features) implements AutoCloseable {

    static Coordinators start(Broker broker, GroupSettings groupSettings,
            TransactionSettings transactionSettings, GroupThreads threads, Executor disk) {
        OpenTransactions open = new OpenTransactions();
        FeatureLevels features = new FeatureLevels(broker.engine().metaStore());
        Groups groups = Groups.start(broker, groupSettings, threads, open, features);
        return new Coordinators(groups, Transactions.start(broker, transactionSettings, open,
                groups, features, disk), open, features);
    }

    /** Must not be called on an owner's thread. */
    @Override
    public void close() {
        transactions.close();
        groups.close();
    }
}
