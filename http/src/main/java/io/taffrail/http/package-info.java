/** The HTTP head: configuration, start and stop. Its routes are in packages of their own. */
@NullMarked
package io.taffrail.http;

import org.jspecify.annotations.NullMarked;
