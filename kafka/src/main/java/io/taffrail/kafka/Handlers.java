package io.taffrail.kafka;

import io.taffrail.broker.Broker;
import io.taffrail.broker.topic.Topics;
import io.taffrail.kafka.api.Aside;
import io.taffrail.kafka.cluster.AlterPartitionReassignmentsHandler;
import io.taffrail.kafka.cluster.ApiVersionsHandler;
import io.taffrail.kafka.cluster.DescribeClientQuotasHandler;
import io.taffrail.kafka.cluster.DescribeClusterHandler;
import io.taffrail.kafka.cluster.DescribeLogDirsHandler;
import io.taffrail.kafka.cluster.DescribeQuorumHandler;
import io.taffrail.kafka.cluster.DescribeTopicPartitionsHandler;
import io.taffrail.kafka.cluster.ElectLeadersHandler;
import io.taffrail.kafka.cluster.ListPartitionReassignmentsHandler;
import io.taffrail.kafka.cluster.MetadataHandler;
import io.taffrail.kafka.cluster.UpdateFeaturesHandler;
import io.taffrail.kafka.configs.AlterConfigsHandler;
import io.taffrail.kafka.configs.BrokerSubject;
import io.taffrail.kafka.configs.ConfigSubjects;
import io.taffrail.kafka.configs.DescribeConfigsHandler;
import io.taffrail.kafka.configs.IncrementalAlterConfigsHandler;
import io.taffrail.kafka.configs.ListConfigResourcesHandler;
import io.taffrail.kafka.configs.SettingsOfKafka;
import io.taffrail.kafka.configs.TopicSubject;
import io.taffrail.kafka.fetch.FetchHandler;
import io.taffrail.kafka.groups.Groups;
import io.taffrail.kafka.net.NodeAddress;
import io.taffrail.kafka.offsets.DeleteRecordsHandler;
import io.taffrail.kafka.offsets.ListOffsetsHandler;
import io.taffrail.kafka.offsets.OffsetForLeaderEpochHandler;
import io.taffrail.kafka.produce.Conversions;
import io.taffrail.kafka.produce.ProduceHandler;
import io.taffrail.kafka.produce.ProduceTransactions;
import io.taffrail.kafka.producers.DescribeProducersHandler;
import io.taffrail.kafka.security.SecurityHandlers;
import io.taffrail.kafka.topics.CreatePartitionsHandler;
import io.taffrail.kafka.topics.CreateTopicsHandler;
import io.taffrail.kafka.topics.DeleteTopicsHandler;
import io.taffrail.kafka.transactions.Transactions;
import io.taffrail.net.EventLoops;
import java.util.List;

/** Factory of the table of all requests that this head serves: one line for each request. */
final class Handlers {

    private Handlers() {}

    /** Loads the classes of all requests and of Kafka's group settings. */
    static void preload() {
        var _ = new HandlerTable();
        var _ = SecurityHandlers.all();
        Groups.preload();
    }

    static HandlerTable of(Broker broker, KafkaConfig config, Coordinators coordinators,
            EventLoops loops, KafkaService.Threads threads, Aside aside) {
        Groups groups = coordinators.groups();
        Transactions transactions = coordinators.transactions();
        int nodeId = broker.config().nodeId();
        Topics topics = broker.topics();
        NodeAddress self = new NodeAddress(nodeId, config.advertised());
        ConfigSubjects subjects = new ConfigSubjects(List.of(new TopicSubject(broker),
                new BrokerSubject(nodeId, List.of(broker.config(), config, groups.settings(),
                        transactions.settings(), topics.cleaner()),
                        SettingsOfKafka.of(broker.config(), config, broker.engine().location()),
                        topics, groups::checkLive),
                groups.configs()));
        HandlerTable table = new HandlerTable();
        groups.handlers(self, transactions::ready, transactions).forEach(table::add);
        SecurityHandlers.all().forEach(table::add);
        transactions.handlers(aside).forEach(table::add);
        return table
                .add(new ApiVersionsHandler(table::keys, coordinators.features(),
                        broker.clusterId(), nodeId))
                .add(new UpdateFeaturesHandler(coordinators.features(), nodeId))
                .add(new MetadataHandler(broker, self))
                .add(new DescribeClusterHandler(broker.clusterId(), self))
                .add(new DescribeTopicPartitionsHandler(topics, nodeId,
                        config.describePartitionsLimit()))
                .add(new DescribeLogDirsHandler(broker, threads.disk()))
                .add(new DescribeQuorumHandler(self))
                .add(new DescribeClientQuotasHandler())
                .add(new ElectLeadersHandler(topics))
                .add(new AlterPartitionReassignmentsHandler(topics, nodeId))
                .add(new ListPartitionReassignmentsHandler())
                .add(new CreateTopicsHandler(broker))
                .add(new DeleteTopicsHandler(broker))
                .add(new CreatePartitionsHandler(broker))
                .add(new DescribeConfigsHandler(subjects))
                .add(new AlterConfigsHandler(subjects))
                .add(new IncrementalAlterConfigsHandler(subjects))
                .add(new ListConfigResourcesHandler(subjects))
                .add(new ProduceHandler(topics, broker.clock(), config.inflation(), aside,
                        new ProduceTransactions(coordinators.open(), transactions),
                        Conversions.ofHeap()))
                .add(new FetchHandler(broker, config, loops, aside, threads.randomId()))
                .add(new ListOffsetsHandler(topics, aside))
                .add(new OffsetForLeaderEpochHandler(topics))
                .add(new DeleteRecordsHandler(topics))
                .add(new DescribeProducersHandler(topics));
    }
}
