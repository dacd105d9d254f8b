package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.AckCursor;
import io.taffrail.broker.cursor.CursorLog;
import io.taffrail.broker.deadletter.DeathReason;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.queue.QueueSettings.Overflow;
import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.schedule.Steps;
import io.taffrail.broker.traffic.MessageEvent;
import io.taffrail.broker.turn.TurnMember;
import io.taffrail.broker.why.Inspected;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.spi.Registration;
import io.taffrail.log.spi.WritableLog;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A queue: a log of messages, a cursor over it and consumers. Owner thread only.
 *
 * <pre>
 *            publish                 hand out                 accept
 *  (nothing) ───────► ready in log ──────────► held ─────────────────► settled
 *                          ▲                    │  requeue, close        ▲
 *                          └── returned ◄───────┘                        │
 *                                  └──── purge, expiry ──────────────────┘
 * </pre>
 */
public final class Queue extends AnyQueue {

    private static final CompletableFuture<Void> LOADED = CompletableFuture
            .completedFuture(null);

    private final QueueDeclaration declaration;
    private final QueueContext context;
    private final @Nullable Session exclusiveTo;
    private final MessageLog messages;
    private final CursorLog cursor;
    private final Ready ready;
    private final Consumers consumers;
    private final HandingOut handingOut;
    private final Registration durableEnd;
    private final Runnable wake = this::schedule;
    private final Space space;
    private QueueSettings settings;
    private final Expiration expiration;
    private final Disuse disuse;
    private final Purges purges;
    private final GivingUp givingUp;
    private final Watching watching;
    private @Nullable Duplicates duplicates;
    private final SingleGets gets;
    private boolean scheduled;
    /** Number of requeue operations running in steps, and of messages they have yet to requeue. */
    private final StepwiseRequeues requeues = new StepwiseRequeues();
    private boolean deleted;
    private final QueueMeter meter;

    /**
     * @param exclusiveTo
     *            the session that the queue is exclusive to, or null
     */
    public Queue(QueueDeclaration declaration, QueueSettings settings,
            @Nullable Session exclusiveTo, QueueLogs logs, QueueContext context) {
        this.declaration = declaration;
        this.settings = settings;
        this.exclusiveTo = exclusiveTo;
        this.context = context;
        this.messages = new MessageLog(logs.messages(), context.turn(), this::notStored);
        messages.onFailed(this::failed);
        this.cursor = logs.cursor();
        cursor.onFailed((cause, own) -> context.failed(this, cause, own));
        this.ready = new Ready(messages, cursor, settings.maxPriority(), context.reading());
        this.meter = new QueueMeter(counts(), settings.type(), ready, context);
        this.consumers = new Consumers(settings.singleActive());
        this.space = new Space(logs.messages(), cursor, context.clock(),
                QueueArguments.keepSettledMs(declaration));
        this.givingUp = new GivingUp(this, context, ready, cursor);
        this.expiration = new Expiration(settings.expiry().messageTtlMs(), context.clock(),
                context.timers(), wake);
        this.watching = new Watching(this, context.turn(), ready, cursor, givingUp);
        this.handingOut = new HandingOut(this, context, ready, cursor, expiration, givingUp,
                meter);
        this.gets = new SingleGets(this, context, messages, ready, handingOut, givingUp,
                expiration);
        this.disuse = new Disuse(settings.expiry().unusedMs(), context.clock(), context.timers(),
                this::unused);
        this.purges = new Purges(this, messages, ready, cursor);
        if (ready.count() > 0) {
            expiration.possible();
        }
        deduplicate(settings.deduplicates());
        disuse.used();
        this.durableEnd = logs.messages().onDurableEnd(this::advanced);
        cursor.onDurable(this::reclaim);
    }

    /** Starts expiry and the enforcement of limits. */
    @Override
    public void start() {
        schedule();
    }

    @Override
    public QueueDeclaration declaration() {
        return declaration;
    }

    @Override
    public QueueSettings settings() {
        return settings;
    }

    @Override
    public void apply(QueueSettings next) {
        if (isOut() || next.equals(settings)) {
            return;
        }
        guard(() -> take(next));
    }

    private void take(QueueSettings next) {
        settings = next;
        expiration.ttl(next.expiry().messageTtlMs());
        disuse.after(next.expiry().unusedMs());
        deduplicate(next.deduplicates());
        schedule();
    }

    @Override
    public CompletableFuture<Void> load() {
        return !hasToLoad() ? LOADED : loading().handle((_, failure) -> {
            if (failure == null) {
                schedule();
            } else {
                failed(failure);
            }
            return null;
        });
    }

    /**
     * Reads in steps the state in memory that the settings need: bytes of the backlog and
     * de-duplication marks. Completes on the owner's thread, exceptionally if the messages cannot
     * be read.
     */
    public CompletableFuture<Void> loading() {
        if (!hasToLoad()) {
            return LOADED;
        }
        CompletableFuture<Void> measured = settings.limits().maxBytes().isPresent()
                ? work(ready::measure)
                : LOADED;
        return measured.thenCompose(_ -> loadMarks());
    }

    private boolean hasToLoad() {
        return duplicates != null || settings.limits().maxBytes().isPresent();
    }

    private CompletableFuture<Void> loadMarks() {
        Duplicates loading = duplicates;
        if (loading == null || loading.isLoaded()) {
            return LOADED;
        }
        CompletableFuture<Long> readable = new CompletableFuture<>();
        messages.whenReadable(readable::complete);
        return readable.thenCompose(end -> work(loading.load(messages.log(), end)));
    }

    private CompletableFuture<Void> work(Steps.Work work) {
        return context.steps().work(budget -> isOut() || work.goOn(budget));
    }

    private void deduplicate(boolean wanted) {
        if (wanted && duplicates == null) {
            duplicates = new Duplicates(cursor, expiration);
        } else if (!wanted && duplicates != null) {
            duplicates = null;
            cursor.onSettled((_, _) -> {});
        }
    }

    @Override
    public Optional<Session> exclusiveTo() {
        return Optional.ofNullable(exclusiveTo);
    }

    @Override
    public void status(java.util.function.Consumer<QueueStatus> to) {
        disuse.used();
        if (isQuarantined()) {
            to.accept(new QueueStatus(name(), ready.count(), consumers.size()));
        } else {
            messages.whenReadable(() -> to.accept(new QueueStatus(name(),
                    ready.count() + requeues.messages(), consumers.size())));
        }
    }

    @Override
    public QueueDepth depth() {
        AckCursor settled = cursor.cursor();
        long first = Math.max(settled.floor(), messages.log().startOffset());
        long unsettled = messages.end() - first - settled.settledAboveFloor();
        return new QueueDepth(ready.count(), Math.max(0, unsettled - ready.count()));
    }

    @Override
    public Inspected inspected() {
        return new QueueInspection(this, ready, cursor.cursor(), consumers, givingUp.discards(),
                messages.end(), !requeues.none());
    }

    @Override
    public QueueFigures figures() {
        return meter.figures(messages.log().sizeBytes());
    }

    @Override
    public OptionalLong oldestReadyMs() {
        return isOut() ? OptionalLong.empty() : meter.oldestMs(consumers.isEmpty());
    }

    @Override
    public int consumerCount() {
        return consumers.size();
    }

    @Override
    public boolean store(Message message) {
        return storeUncounted(message) && meter.published(1);
    }

    private boolean storeUncounted(Message message) {
        if (isQuarantined() || hasRoom(1, message.body().remaining())) {
            return take(message);
        }
        givingUp.incoming(new IncomingMessage(message, context.clock().millis()));
        return false;
    }

    /**
     * As in RabbitMQ, a quorum queue takes dead letters beyond its {@code reject-publish} limit.
     */
    @Override
    public boolean storeMoved(Message message) {
        return settings.type() == QueueType.QUORUM ? take(message) : storeUncounted(message);
    }

    /** Dead letters for a quarantined queue wait until it is reopened. */
    @Override
    public boolean mustWait() {
        return isQuarantined();
    }

    private boolean take(Message message) {
        if (isQuarantined()) {
            return false;
        }
        int bodyBytes = message.body().remaining();
        long nowMs = context.clock().millis();
        if (duplicates != null) {
            if (duplicates.has(message, nowMs)) {
                messages.addNothing();
                return true;
            }
            duplicates.add(message, messages.end(), nowMs);
        }
        messages.add(message, nowMs);
        ready.added(1, bodyBytes);
        if (message.properties().has(Property.EXPIRATION)) {
            expiration.possible();
        }
        if (settings.maxPriority() > 0) {
            expiration.headChanged();
        }
        return true;
    }

    @Override
    public boolean takesStaged() {
        return !isOut() && duplicates == null
                && settings.limits().overflow() == Overflow.DROP_HEAD;
    }

    @Override
    public boolean storeStaged(StagedMessages staged) {
        if (isQuarantined()) {
            return false;
        }
        int count = staged.count();
        messages.add(staged);
        var _ = meter.published(count);
        ready.added(count, staged.bodyBytes());
        if (staged.expires()) {
            expiration.possible();
        }
        if (settings.maxPriority() > 0) {
            expiration.headChanged();
        }
        return true;
    }

    @Override
    public boolean hasRoomFor(Message message) {
        return !isQuarantined() && hasRoom(1, message.body().remaining());
    }

    @Override
    public Optional<WritableLog> asLog() {
        return Optional.of(new QueueLog(messages.log(), this));
    }

    /**
     * The turn member that records settlements; it is part of every step that removes a message.
     */
    public TurnMember settlements() {
        return cursor;
    }

    /** Whether that much more fits, for a queue that refuses new messages at its limit. */
    boolean hasRoom(int count, long bodyBytes) {
        return givingUp.hasRoom(count, bodyBytes);
    }

    /** Assigns offsets to the messages taken so far, before another client appends to the log. */
    void settleOffsets() {
        messages.settleOffsets();
    }

    /** Counts a batch that a log client appended to the log; the batch has its offsets. */
    void appended(ByteBuffer batch, int count, long bodyBytes) {
        var _ = meter.published(count);
        ready.added(count, bodyBytes);
        expiration.possible();
        guard(() -> {
            if (duplicates != null) {
                duplicates.notStored(BatchHeader.baseOffset(batch, batch.position()));
                duplicates.appended(batch);
                messages.visitCarried(duplicates::appended);
            }
        });
    }

    /** Reclaims the space of settled messages. */
    void reclaim() {
        if (!isOut()) {
            space.reclaim(ready.count() == 0);
        }
    }

    boolean isDeleted() {
        return deleted;
    }

    /** Whether the queue is deleted or quarantined. */
    boolean isOut() {
        return deleted || isQuarantined();
    }

    @Override
    public void failed(Throwable cause) {
        if (!isOut()) {
            context.failed(this, cause, true);
        }
    }

    /**
     * Stops the queue. Messages it took for this turn, and its settlements, are still stored,
     * except as part of an atomic step.
     */
    @Override
    protected void quarantined() {
        context.turn().spoil(cursor, new IllegalStateException(name() + " is quarantined"));
        expiration.close();
        disuse.close();
        ready.release();
        watching.interrupted();
        endConsumers();
        serveGets();
    }

    private void endConsumers() {
        for (ConsumerLink consumer : consumers.all()) {
            consumers.remove(consumer);
            consumer.queueDeleted();
        }
    }

    private void notStored(int count, long bodyBytes) {
        ready.added(-count, -bodyBytes);
        if (duplicates != null) {
            duplicates.notStored(messages.log().nextOffset());
            messages.visitCarried(duplicates::appended);
        }
    }

    private void advanced(long end) {
        if (deleted) {
            return;
        }
        guard(() -> {
            dispatch(context.steps().direct());
            reclaim();
        });
        messages.advanced(end);
    }

    private void unused() {
        if (!isOut() && consumers.size() == 0) {
            context.expired(this);
        } else {
            disuse.used();
        }
    }

    /** Whether the time of {@code x-expires} is over and the queue was not used since. */
    public boolean isExpired() {
        return disuse.isOver() && consumers.size() == 0;
    }

    @Override
    public Subscription consume(ConsumerOptions options, Consumer consumer) {
        checkUsable();
        ConsumerLink link = new ConsumerLink(this, options, consumer);
        consumers.add(link);
        schedule();
        return link;
    }

    @Override
    public void checkHolding(long usualMs) {
        long nowMs = context.clock().millis();
        consumers.all().forEach(consumer -> consumer.check(usualMs, nowMs));
    }

    @Override
    public boolean hasExclusiveConsumer() {
        return consumers.hasExclusive();
    }

    /** Whether a consumer is served, and not another one alone. */
    boolean serves(ConsumerLink consumer) {
        return consumers.isActive(consumer);
    }

    /** Marks a consumer as leaving; returns the offset up to which it still receives messages. */
    long leaving(ConsumerLink consumer) {
        consumers.leaving(consumer);
        return messages.end();
    }

    void left(ConsumerLink consumer) {
        consumers.remove(consumer);
        meter.left(consumers.isEmpty());
        if (consumer.isHolding()) {
            context.holding(this, consumer);
        }
        disuse.used();
        schedule();
        if (consumers.isEmpty()) {
            context.unused(this);
        }
    }

    /** Runs {@code then} when all messages published before can be delivered. */
    void whenReadable(Runnable then) {
        messages.whenReadable(then);
    }

    /** Serves a consumer again that had no room. */
    void hasRoom(ConsumerLink consumer) {
        consumers.hasRoom(consumer);
        schedule();
    }

    /** Schedules the delivery of messages in a later turn. */
    void schedule() {
        if (!scheduled) {
            scheduled = true;
            context.steps().add(this::dispatchScheduled);
        }
    }

    private void dispatchScheduled(Budget budget) {
        scheduled = false;
        if (!isOut()) {
            guard(() -> dispatch(budget));
        }
    }

    private void dispatch(Budget budget) {
        if (isOut()) {
            return;
        }
        boolean looks = !consumers.isEmpty() || givingUp.isDue(expiration) || gets.areWaiting();
        if (looks && !ready.prepare(messages.log().durableEnd(), budget)) {
            ready.idle();
            schedule();
            return;
        }
        long before = ready.position();
        if (!consumers.isEmpty() && requeues.none()) {
            handingOut.serve(consumers, budget);
        }
        boolean swept = requeues.none() && givingUp.sweep(expiration, budget);
        if (ready.position() > before) {
            cursor.handedOut(ready.position());
        }
        if (ready.count() == 0 || consumers.isEmpty()) {
            ready.idle();
        }
        handingOut.flush();
        if (swept) {
            serveGets();
        }
    }

    @Override
    public void get(@Nullable GetHolder holder, Getter getter, Runnable done) {
        checkUsable();
        gets.add(holder, getter, done);
    }

    private void serveGets() {
        gets.serve();
    }

    boolean isReturning() {
        return !requeues.none();
    }

    void used() {
        disuse.used();
    }

    /** Runs a task of the queue; an exception of the task fails the queue. */
    void guarded(Runnable task) {
        guard(task);
    }

    @Override
    public CompletableFuture<Long> purge() {
        checkUsable();
        return purges.begin();
    }

    StepwiseRequeues requeues() {
        return requeues;
    }

    /** Ends a requeue in steps: its messages are ready. */
    void returned() {
        requeues.end(this::guard);
        if (requeues.none()) {
            schedule();
        }
    }

    QueueContext context() {
        return context;
    }

    /** Settles the messages of a purge; those published after the request stay. */
    long purge(Ready.Purge purge) {
        long[] purged = new long[1];
        guard(() -> {
            watching.purged(purge.lastArrival());
            purged[0] = ready.settle(purge);
            expiration.headChanged();
            schedule();
        });
        return purged[0];
    }

    /** Ends a delivery; the action follows unless the queue is gone. */
    private void released(HeldDelivery delivery, Runnable action) {
        meter.released(delivery);
        if (!isOut()) {
            guard(action);
        }
    }

    void accepted(HeldDelivery delivery) {
        released(delivery, () -> {
            meter.count(MessageEvent.ACKNOWLEDGED);
            watching.settle(delivery);
        });
    }

    /** Makes a message ready again that was handed out. */
    void giveBack(HeldDelivery delivery, int count) {
        ready.giveBack(delivery, count);
        expiration.headChanged();
        schedule();
    }

    /** Has the queue's messages followed from now on. */
    public void watch(MessageWatch by) {
        watching.begin(by);
        schedule();
    }

    Watching watching() {
        return watching;
    }

    /** A single get found no message. */
    void gotNothing() {
        meter.count(MessageEvent.GOT_NOTHING);
    }

    void requeued(HeldDelivery delivery) {
        released(delivery, () -> requeue(delivery));
    }

    /** Returns a delivery to its place without counting it. */
    void putBack(HeldDelivery delivery) {
        released(delivery, () -> {
            watching.putBack(delivery);
            giveBack(delivery, delivery.count());
        });
    }

    void rejected(HeldDelivery delivery) {
        released(delivery, () -> watching.reject(delivery));
    }

    private void requeue(HeldDelivery delivery) {
        if (watching.requeue(delivery)) {
            return;
        }
        int count = settings.countsDeliveries() ? delivery.count() + 1 : 0;
        OptionalInt limit = settings.deliveryLimit();
        if (limit.isPresent() && count > limit.getAsInt()) {
            givingUp.held(delivery, DeathReason.DELIVERY_LIMIT);
        } else {
            giveBack(delivery, count);
        }
    }

    private void stop() {
        deleted = true;
        durableEnd.close();
        expiration.close();
        disuse.close();
        ready.release();
        serveGets();
    }

    @Override
    public void close() {
        stop();
        messages.close();
        cursor.close();
    }

    @Override
    public void delete() {
        stop();
        watching.deleted();
        endConsumers();
        messages.close();
        cursor.close();
    }
}
