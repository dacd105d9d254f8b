/** Tests of io.taffrail.http.server. */
@NullMarked
package io.taffrail.http.server;

import org.jspecify.annotations.NullMarked;
