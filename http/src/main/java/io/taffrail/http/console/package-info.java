/**
 * The console: pages for a browser, and the requests under {@code /api/taffrail} that they make
 * beside those of the management API. A page is read from the class path when it is asked for;
 * nothing is loaded before that. Requests run on virtual threads and look at a virtual host by
 * short tasks of its owner.
 */
@NullMarked
package io.taffrail.http.console;

import org.jspecify.annotations.NullMarked;
