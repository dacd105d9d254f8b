package io.taffrail.broker.job;

import io.taffrail.broker.message.ByteText;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Consumer;
import io.taffrail.broker.queue.ConsumerOptions;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.QueueDeclaration;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.queue.Subscription;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reports of workers that come as messages, over AMQP or Kafka: the broker consumes the queue
 * {@value #QUEUE}. A message names the job by its correlation id, its message id or its key, and
 * what happened by its type or its header {@code event}:
 *
 * <pre>
 * progress   body: percent, then words           heartbeat  body: none
 * result     body: the result                    succeeded  body: the result, may be empty
 * failed     body: the reason                    dead       body: the reason; not to be tried again
 * </pre>
 *
 * A report is applied in the turn that settles it. One that is refused is dropped. Owner thread
 * only.
 */
final class JobEvents implements Consumer {

    /** Name of the queue. */
    static final String QUEUE = "jobs.events";

    private static final Logger LOG = LoggerFactory.getLogger(JobEvents.class);
    private static final int MAX_NOTE_CHARS = 4096;
    private static final String ANY_TYPE = "application/octet-stream";

    private final JobHost host;
    private final LiveJobs jobs;
    private final Session session = new Session("jobs");
    private @Nullable Subscription subscription;
    private boolean beginning;

    JobEvents(JobHost host, LiveJobs jobs) {
        this.host = host;
        this.jobs = jobs;
    }

    /** Creates the queue if it is missing, and consumes it. */
    void begin() {
        Subscription open = subscription;
        if (open != null) {
            open.resume();
            return;
        }
        if (beginning) {
            return;
        }
        beginning = true;
        var _ = host.declare(new QueueDeclaration(QUEUE, true, false, false, FieldTable.EMPTY),
                session).thenCompose(
                        _ -> host.consume(QUEUE, new ConsumerOptions("jobs", session,
                                true, false, List.of(), FieldTable.EMPTY), this))
                .whenComplete((subscribed, failure) -> {
                    beginning = false;
                    if (failure == null) {
                        subscription = subscribed;
                        subscribed.resume();
                    } else {
                        LOG.warn("JOB-003 reports of workers over AMQP and Kafka are not taken in"
                                + " vhost '{}': {}", host.name(), failure.getMessage());
                    }
                });
    }

    @Override
    public boolean isReady() {
        return jobs.isOpen();
    }

    @Override
    public void deliver(Delivery delivery, StoredMessage message) {
        try {
            apply(message);
        } catch (JobException e) {
            if (e.reason() == JobException.Reason.OUT_OF_SERVICE) {
                delivery.requeue();
                return;
            }
            LOG.debug("a worker's report is dropped: {}", e.text());
        }
        delivery.accept();
    }

    @Override
    public void delivered() {
        // Nothing is buffered.
    }

    @Override
    public void cancelled() {
        subscription = null;
    }

    private void apply(StoredMessage message) {
        Properties properties = Properties.of(message.properties());
        UUID id = properties.text(Property.CORRELATION_ID)
                .or(() -> properties.text(Property.MESSAGE_ID))
                .or(() -> Optional.of(ByteText.of(message.routingKey())))
                .flatMap(JobIds::parse)
                .orElseThrow(() -> JobException.invalid("the report names no job"));
        String event = properties.text(Property.TYPE)
                .or(() -> properties.headers().get("event").map(FieldValue::shown).map(
                        Object::toString))
                .orElse("");
        String type = properties.text(Property.CONTENT_TYPE).filter(it -> !it.isEmpty())
                .orElse(ANY_TYPE);
        switch (event) {
            case "progress" -> progress(id, text(message.body()));
            case "heartbeat" -> jobs.alive(id);
            case "result" -> ignore(jobs.result(id, new JobResult(type, bytes(message.body()))));
            case "succeeded" -> ignore(jobs.succeed(id, Jobs.ANY_RUN, message.body().hasRemaining()
                    ? new JobResult(type, bytes(message.body()))
                    : JobResult.NONE));
            case "failed", "dead" -> ignore(jobs.fail(id, Jobs.ANY_RUN, text(message.body()), "",
                    event.equals("failed")));
            default -> throw JobException.invalid("there is no event '" + event + "'");
        }
    }

    /** Nobody waits for the outcome; a change that is delayed goes with a later turn. */
    private static void ignore(java.util.concurrent.CompletableFuture<JobStatus> outcome) {
        var _ = outcome.exceptionally(failure -> {
            LOG.debug("a worker's report is not stored yet", failure);
            return null;
        });
    }

    private void progress(UUID id, String text) {
        String[] parts = text.strip().split("\\s+", 2);
        try {
            int percent = Integer.parseInt(parts[0]);
            if (percent < 0 || percent > 100) {
                throw JobException.invalid("progress is 0 to 100 percent");
            }
            ignore(jobs.progress(id, Jobs.ANY_RUN, percent, parts.length == 1 ? "" : parts[1]));
        } catch (NumberFormatException _) {
            throw JobException.invalid("progress begins with a whole number of percent");
        }
    }

    private static byte[] bytes(ByteBuffer body) {
        byte[] bytes = new byte[body.remaining()];
        body.get(body.position(), bytes);
        return bytes;
    }

    private static String text(ByteBuffer body) {
        String text = new String(bytes(body), StandardCharsets.UTF_8);
        return text.length() <= MAX_NOTE_CHARS ? text : text.substring(0, MAX_NOTE_CHARS);
    }
}
