/**
 * Jobs over HTTP: the routes below {@code /jobs}. They translate between requests and the jobs of a
 * virtual host, and hold no state. A request that waits holds no thread.
 */
@NullMarked
package io.taffrail.http.job;

import org.jspecify.annotations.NullMarked;
