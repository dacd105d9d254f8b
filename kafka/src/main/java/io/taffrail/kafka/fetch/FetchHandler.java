package io.taffrail.kafka.fetch;

import io.taffrail.broker.Broker;
import io.taffrail.broker.schedule.TimeSource;
import io.taffrail.kafka.KafkaConfig;
import io.taffrail.kafka.api.Aside;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import io.taffrail.net.EventLoops;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Fetch: returns durable records as slices of the log, and waits for records if there are none. */
public final class FetchHandler implements Handler<FetchRequestData> {

    private static final byte READ_COMMITTED = 1;
    /** Most partitions, including those of the session, of a fetch that runs on an event loop. */
    static final int ON_LOOP_PARTITIONS = 2000;
    /**
     * Most partitions on an event loop if the fetch waits for more than one byte: every append to
     * one of them measures all of them again.
     */
    static final int ON_LOOP_MEASURED = 100;
    /** Cost of one partition of a larger fetch, in bytes. */
    private static final int PARTITION_BYTES = 500;

    private final Broker broker;
    private final int maxBytes;
    private final EventLoops loops;
    private final Aside aside;
    private final TimeSource time;
    private final FetchSessions sessions;
    private final Arrivals arrivals = new Arrivals();

    /**
     * Creates the handler, which watches the topics from now on.
     *
     * @param aside
     *            runs fetches of many partitions
     * @param randomId
     *            returns ids of fetch sessions
     */
    public FetchHandler(Broker broker, KafkaConfig config, EventLoops loops, Aside aside,
            IntSupplier randomId) {
        this.aside = aside;
        this.broker = broker;
        this.time = TimeSource.of(broker.clock());
        this.maxBytes = config.fetchMaxBytes();
        this.loops = loops;
        this.sessions = new FetchSessions(config.fetchSessionSlots(), broker.clock(), randomId);
        var _ = broker.topics().watch(arrivals);
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.FETCH;
    }

    @Override
    public CompletionStage<FetchResponseData> handle(Request<FetchRequestData> request) {
        return switch (FetchPlan.of(request, sessions, broker.clock())) {
            case FetchPlan.Refused(Errors error) -> CompletableFuture
                    .completedFuture(new FetchResponseData().setErrorCode(error.code()));
            case FetchPlan.Sessionless(List<FetchTarget> targets) ->
                start(request, pending(request, targets))
                        .thenApply(fetched -> response(0, fetched));
            case FetchPlan.Full full ->
                start(request, pending(request, full.targets()))
                        .thenApply(fetched -> begin(full, fetched));
            case FetchPlan.Incremental(FetchSession session) ->
                read(request, session)
                        .thenApply(fetched -> response(session.id(), session.news(fetched)));
        };
    }

    private CompletableFuture<List<Fetched>> read(Request<FetchRequestData> request,
            FetchSession session) {
        PendingFetch pending = pending(request, session.targets());
        CompletableFuture<List<Fetched>> result = start(request, pending);
        if (!result.isDone()) {
            session.waits(pending);
            var _ = result.whenComplete((_, _) -> session.waitsNoMore(pending));
        }
        return result;
    }

    private static CompletableFuture<List<Fetched>> start(Request<FetchRequestData> request,
            PendingFetch pending) {
        CompletableFuture<List<Fetched>> result = pending.start();
        if (!result.isDone()) {
            request.asker().whenGone(pending::abandon);
        }
        return result;
    }

    private PendingFetch pending(Request<FetchRequestData> request, List<FetchTarget> targets) {
        FetchRequestData body = request.body();
        PartitionReader reader = new PartitionReader(broker.topics(),
                body.isolationLevel() == READ_COMMITTED);
        int most = Math.max(0, Math.min(maxBytes, body.maxBytes()));
        PendingFetch.Bounds bounds = new PendingFetch.Bounds(Math.min(body.minBytes(), most), most,
                body.maxWaitMs());
        String client = request.context().connectionId();
        long costBytes = (long) PARTITION_BYTES * targets.size();
        int onLoop = bounds.minBytes() > 1 ? ON_LOOP_MEASURED : ON_LOOP_PARTITIONS;
        Optional<Executor> beside = targets.size() > onLoop
                ? Optional.of(step -> aside.execute(client, costBytes, step))
                : Optional.empty();
        return new PendingFetch(loops.current(), beside, time, reader, arrivals, targets, bounds);
    }

    private FetchResponseData begin(FetchPlan.Full full, List<Fetched> fetched) {
        if (full.targets().isEmpty()) {
            return response(0, fetched);
        }
        Optional<FetchSession> session = sessions.create(full.byTopicId(), full.targets());
        session.ifPresent(begun -> begun.toldAll(fetched));
        return response(session.map(FetchSession::id).orElse(0), fetched);
    }

    /** Builds the response; consecutive partitions of the same topic share an entry. */
    private static FetchResponseData response(int sessionId, List<Fetched> all) {
        List<FetchableTopicResponse> topics = new ArrayList<>();
        FetchableTopicResponse last = null;
        for (Fetched fetched : all) {
            FetchTarget target = fetched.target();
            if (last == null || !last.topic().equals(target.topic())
                    || !last.topicId().equals(target.id())) {
                last = new FetchableTopicResponse().setTopic(target.topic())
                        .setTopicId(target.id()).setPartitions(new ArrayList<>());
                topics.add(last);
            }
            last.partitions().add(fetched.data());
        }
        return new FetchResponseData().setSessionId(sessionId).setResponses(topics);
    }
}
