package io.taffrail.http.server;

import io.taffrail.broker.login.Logins;
import io.taffrail.http.HttpConfig;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.session.Sessions;
import io.taffrail.net.EventLoops;
import io.taffrail.net.RareLines;

/**
 * Services and settings shared by all HTTP connections.
 *
 * @param work
 *            runs requests, each on a thread that may block
 * @param lines
 *            limit of the log lines about requests that fail
 */
public record HttpServices(HttpConfig config, HttpRoutes routes, Logins logins,
        Sessions sessions, EventLoops loops, RequestThreads work, RareLines lines) {}
