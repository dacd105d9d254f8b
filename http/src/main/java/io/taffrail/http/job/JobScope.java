package io.taffrail.http.job;

import io.taffrail.broker.BrokerException;
import io.taffrail.broker.job.JobStatus;
import io.taffrail.broker.job.Jobs;
import io.taffrail.broker.user.Access;
import io.taffrail.broker.user.Permission;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.broker.vhost.VirtualHosts;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpCall;
import io.taffrail.http.route.HttpReply;
import io.taffrail.http.route.HttpRoute;
import io.taffrail.http.route.LaterAnswer;
import io.taffrail.log.guard.FailStop;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The virtual host that a request names, and calls to its jobs. Safe for any thread. */
record JobScope(VirtualHosts hosts) {

    private static final String DEFAULT_HOST = "/";

    /**
     * The host of a request with the user's rights in it.
     *
     * @param name
     *            the host's name in links, empty for the default host
     */
    record Use(VirtualHost host, Access access, String name) {

        /** Runs on the host's owner; whoever cancels the result cancels the call's. */
        <T> CompletableFuture<T> in(Function<Jobs, CompletableFuture<T>> body) {
            CompletableFuture<T> done = new CompletableFuture<>();
            host.owner().execute(() -> {
                try {
                    CompletableFuture<T> result = body.apply(host.jobs());
                    var _ = result.whenComplete((value, failure) -> {
                        if (failure == null) {
                            done.complete(value);
                        } else {
                            done.completeExceptionally(failure);
                        }
                    });
                    var _ = done.whenComplete((_, _) -> {
                        if (done.isCancelled()) {
                            host.owner().execute(() -> result.cancel(false));
                        }
                    });
                } catch (Throwable e) {
                    FailStop.check(e);
                    done.completeExceptionally(e);
                }
            });
            return done;
        }

        /** As {@link #in}, as a reply. */
        <T> LaterAnswer later(Function<Jobs, CompletableFuture<T>> body,
                Function<T, HttpReply> answer) {
            return new LaterAnswer(in(body).thenApply(answer));
        }

        /** The status of a job that the user may see, or the problem that there is none. */
        JobStatus seen(Optional<JobStatus> found, String id) {
            JobStatus status = found.orElseThrow(() -> Problem.of(404, "unknown",
                    "there is no job " + id));
            may(status, Permission.READ, Permission.WRITE);
            return status;
        }

        /** Throws unless the user has one of these rights to the queue of the job. */
        void may(JobStatus status, Permission first, Permission other) {
            try {
                access.queue(first, status.terms().queue());
            } catch (BrokerException e) {
                if (first == other) {
                    throw e;
                }
                access.queue(other, status.terms().queue());
            }
        }
    }

    /** A route below {@code /jobs}. */
    HttpRoute route(BiFunction<Use, HttpCall, HttpReply> body) {
        return route(body, Problem::answer);
    }

    /** A route that shows problems in a form of its own. */
    HttpRoute route(BiFunction<Use, HttpCall, HttpReply> body,
            Function<Problem, HttpAnswer> form) {
        return call -> {
            try {
                return guarded(body.apply(use(call), call), form);
            } catch (RuntimeException e) {
                return Problem.of(e).map(form).orElseThrow(() -> e);
            }
        };
    }

    /** The failure of a later answer as a problem. */
    private static HttpReply guarded(HttpReply reply, Function<Problem, HttpAnswer> form) {
        if (!(reply instanceof LaterAnswer(CompletableFuture<? extends HttpReply> answer))) {
            return reply;
        }
        CompletableFuture<HttpReply> shown = new CompletableFuture<>();
        var _ = answer.whenComplete((known, failure) -> {
            if (failure == null) {
                shown.complete(known);
                return;
            }
            Optional<Problem> problem = Problem.of(failure);
            if (problem.isPresent()) {
                shown.complete(form.apply(problem.get()));
            } else {
                shown.completeExceptionally(failure);
            }
        });
        var _ = shown.whenComplete((_, _) -> {
            if (shown.isCancelled()) {
                answer.cancel(false);
            }
        });
        return new LaterAnswer(shown);
    }

    private Use use(HttpCall call) {
        String name = call.query("vhost").orElse(DEFAULT_HOST);
        VirtualHost host = hosts.find(name).orElseThrow(() -> Problem.of(404,
                "virtual-host-not-found", "there is no virtual host '" + name + "'"));
        Access access = call.user().access(name).orElseThrow(() -> Problem.of(403,
                "access-refused", "user '" + call.user().name()
                        + "' has no access to virtual host '" + name + "'"));
        return new Use(host, access, name.equals(DEFAULT_HOST) ? "" : name);
    }
}
