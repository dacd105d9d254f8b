package io.taffrail.broker.vhost;

import io.taffrail.broker.job.JobHost;
import io.taffrail.broker.job.JobSettings;
import io.taffrail.broker.job.LiveJobs;
import io.taffrail.broker.job.ReadOnlyLog;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.queue.AnyQueue;
import io.taffrail.broker.queue.Consumer;
import io.taffrail.broker.queue.ConsumerOptions;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.queue.Getter;
import io.taffrail.broker.queue.QueueContext;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.queue.Subscription;
import io.taffrail.broker.topic.HostedTopic;
import io.taffrail.broker.topic.TopicHosting;
import io.taffrail.log.LogId;
import io.taffrail.log.guard.FailStop;
import io.taffrail.log.spi.WritableLog;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The virtual host as its jobs see it. Owner thread only. */
final class HostJobs implements JobHost {

    private static final Logger LOG = LoggerFactory.getLogger(HostJobs.class);
    /** Topic of the states of jobs, in the first virtual host. */
    private static final String TOPIC = "jobs.states";

    private final VirtualHost host;
    private final QueueContext context;
    private final Topology topology;
    private final QueueOpener opener;
    private final LogId id;
    private final Supplier<String> newId;
    private final Quarantines quarantines;
    private final LiveJobs jobs;
    private @Nullable TopicHosting hosting;
    private boolean shown;

    HostJobs(LiveVirtualHost host, Topology topology, QueueOpener opener, LogId id,
            Supplier<String> newId, Quarantines quarantines) {
        this.host = host;
        this.context = host;
        this.topology = topology;
        this.opener = opener;
        this.id = id;
        this.newId = newId;
        this.quarantines = quarantines;
        this.jobs = new LiveJobs(this, JobSettings.usual());
    }

    LiveJobs jobs() {
        return jobs;
    }

    /** Reads the jobs. If they cannot be read they are quarantined, and the start goes on. */
    CompletableFuture<Void> load() {
        return jobs.load().exceptionally(failure -> {
            FailStop.check(Serial.cause(failure));
            jobs.holdAll();
            failed(Serial.cause(failure));
            return null;
        });
    }

    /** Reads the jobs again; completes on the owner's thread. */
    CompletableFuture<Void> reopen() {
        return jobs.reopen().thenRun(() -> quarantines.remove(quarantineName()));
    }

    /** A queue was opened anew. */
    void reopened(AnyQueue queue) {
        jobs.reopened(queue);
    }

    void close() {
        jobs.close();
    }

    /** The host is deleted. */
    void end() {
        jobs.close();
        hide();
    }

    /** Sets the registry in which the states are shown as a topic. */
    void hosting(@Nullable TopicHosting to) {
        hosting = to;
    }

    /** The name under which the jobs are listed in quarantine. */
    String quarantineName() {
        return id.value();
    }

    @Override
    public String name() {
        return host.name();
    }

    @Override
    public QueueContext context() {
        return context;
    }

    @Override
    public String newId() {
        return newId.get();
    }

    @Override
    public Optional<AnyQueue> queue(String name) {
        return topology.queue(name);
    }

    @Override
    public Collection<AnyQueue> queues() {
        return topology.queues();
    }

    @Override
    public boolean store(AnyQueue queue, Message message) {
        return Routing.store(queue, message);
    }

    @Override
    public boolean storeMoved(AnyQueue queue, Message message) {
        return Routing.storeMoved(queue, message);
    }

    @Override
    public CompletableFuture<Void> declare(QueueDeclaration queue, Session session) {
        return host.declareQueue(queue, session).thenApply(_ -> null);
    }

    @Override
    public CompletableFuture<Subscription> consume(String queue, ConsumerOptions options,
            Consumer consumer) {
        return host.consume(queue, options, consumer);
    }

    @Override
    public CompletableFuture<Void> get(String queue, Session session, GetHolder holder,
            Getter getter) {
        return host.get(queue, session, Optional.of(holder), getter);
    }

    @Override
    public boolean hasLog() {
        return opener.has(id);
    }

    @Override
    public CompletableFuture<WritableLog> openLog(boolean again) {
        return again
                ? context.turn().ended().thenCompose(_ -> opener.renewed())
                        .thenComposeAsync(_ -> opener.openJobs(id), context.owner())
                : opener.openJobs(id);
    }

    @Override
    public void show(WritableLog log) {
        TopicHosting to = hosting;
        String topic = QueueTopicNames.of(host.name(), TOPIC);
        if (to == null || shown) {
            return;
        }
        if (!to.reserve(topic)) {
            LOG.warn("JOB-004 the states of jobs are not shown: there is another topic {}", topic);
            return;
        }
        to.show(new HostedTopic(topic,
                UUID.nameUUIDFromBytes(id.value().getBytes(StandardCharsets.UTF_8)),
                new ReadOnlyLog(log), context.owner(), true));
        to.release(topic);
        shown = true;
    }

    @Override
    public void hide() {
        TopicHosting to = hosting;
        if (to != null && shown) {
            shown = false;
            to.hide(QueueTopicNames.of(host.name(), TOPIC));
        }
    }

    @Override
    public void failed(Throwable cause) {
        var _ = quarantines.add(quarantineName(), cause);
    }
}
