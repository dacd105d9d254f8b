package io.taffrail.http.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.concurrent.GenericFutureListener;
import io.taffrail.http.route.EventStream;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.route.HttpReply;
import io.taffrail.http.route.LaterAnswer;
import io.taffrail.http.server.RequestAdmission.Admitted;
import io.taffrail.http.server.ResponseStream.ResponseTerms;
import io.taffrail.log.guard.FailStop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the route of one request and sends its reply. The route is called on a virtual thread. */
final class RequestWork {

    private static final Logger LOG = LoggerFactory.getLogger(RequestWork.class);
    /** Largest number of query parameters. */
    private static final int MAX_PARAMETERS = 100;

    private final HttpServices services;
    private final Channel channel;
    private final HttpRequest head;

    RequestWork(HttpServices services, Channel channel, HttpRequest head) {
        this.services = services;
        this.channel = channel;
        this.head = head;
    }

    /**
     * Answers, at once or later.
     *
     * @param done
     *            called once, by any thread: true if the connection serves another request
     */
    void answer(Admitted admitted, byte[] body, Consumer<Boolean> done) {
        HttpReply reply = admitted.refusal().map(HttpReply.class::cast)
                .orElseGet(() -> called(admitted, body));
        reply(reply, done);
    }

    private void reply(HttpReply reply, Consumer<Boolean> done) {
        switch (reply) {
            case HttpAnswer answer -> done.accept(send(channel, answer, terms()));
            case LaterAnswer later -> later(later.answer(), done);
            case EventStream stream -> new EventOutput(channel, services, terms(), done)
                    .open(stream.source());
        }
    }

    private ResponseTerms terms() {
        return new ResponseTerms(HttpUtil.isKeepAlive(head), head.method().equals(HttpMethod.HEAD),
                head.protocolVersion().equals(HttpVersion.HTTP_1_1),
                services.config().timeoutMs());
    }

    /** Sends an answer when it is known; a client that leaves before cancels it. */
    private void later(CompletableFuture<? extends HttpReply> answer, Consumer<Boolean> done) {
        GenericFutureListener<ChannelFuture> left = _ -> answer.cancel(false);
        channel.closeFuture().addListener(left);
        var _ = answer.whenComplete((reply, failure) -> {
            channel.closeFuture().removeListener(left);
            HttpReply known = reply == null ? problem(failure) : reply;
            try {
                services.work().execute(() -> reply(known, done));
            } catch (RejectedExecutionException e) {
                LOG.debug("the broker stops, so a request stays without its answer", e);
                var _ = channel.close();
            }
        });
    }

    private HttpReply called(Admitted admitted, byte[] body) {
        try {
            return admitted.target().orElseThrow().route().answer(call(admitted, body));
        } catch (Throwable e) {
            FailStop.check(e);
            return problem(e);
        }
    }

    private HttpAnswer problem(@Nullable Throwable failure) {
        return switch (failure) {
            case null -> failed(new IllegalStateException("a route replied with nothing"));
            // The client left, so this is not sent.
            case CancellationException _ -> HttpAnswer.empty(500);
            case Throwable it -> BrokerProblems.of(it)
                    .map(problem -> problem.answer(RequestAdmission.path(head)))
                    .orElseGet(() -> failed(it));
        };
    }

    private HttpAnswer failed(Throwable cause) {
        if (services.lines().count("failed") > 0) {
            LOG.error("HTT-002 an HTTP request failed: {}", head.method(), cause);
        }
        return new HttpProblem(500, "internal_error", "the broker's log has the cause")
                .answer(RequestAdmission.path(head));
    }

    private HttpCall call(Admitted admitted, byte[] body) {
        Map<String, List<String>> query;
        try {
            query = new QueryStringDecoder(head.uri(), StandardCharsets.UTF_8, true,
                    MAX_PARAMETERS).parameters();
        } catch (IllegalArgumentException _) {
            throw HttpProblem.badRequest("the query is not well encoded");
        }
        return new HttpCall(head.method().name(), RequestAdmission.path(head),
                admitted.match().orElseThrow().parameters(), query, head.headers()::get, body,
                admitted.user());
    }

    /** Sends an answer; true if the connection serves another request. */
    static boolean send(Channel channel, HttpAnswer answer, ResponseTerms terms) {
        ResponseStream out = new ResponseStream(channel, answer, terms);
        try {
            answer.body().writeTo(out);
            out.close();
            return out.keepsAlive();
        } catch (IOException e) {
            LOG.debug("an HTTP answer was not sent", e);
            return false;
        } catch (Throwable e) {
            FailStop.check(e);
            // The client must not take what it has for the whole answer.
            LOG.error("HTT-003 an HTTP answer broke off", e);
            var _ = channel.close();
            return false;
        }
    }
}
