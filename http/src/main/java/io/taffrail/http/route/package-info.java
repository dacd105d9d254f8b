/**
 * Requests and answers as routes see them, and the table of routes. Knows neither sockets nor the
 * broker's objects; a package with routes registers them in
 * {@link io.taffrail.http.route.HttpRoutes}.
 */
@NullMarked
package io.taffrail.http.route;

import org.jspecify.annotations.NullMarked;
