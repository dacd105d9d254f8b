/** Tests of the HTTP head in a running broker. */
@NullMarked
package io.taffrail.testkit.http;

import org.jspecify.annotations.NullMarked;
