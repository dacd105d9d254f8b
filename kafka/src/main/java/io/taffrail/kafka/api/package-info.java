/** What a request handler is; one class per request implements it. */
@NullMarked
package io.taffrail.kafka.api;

import org.jspecify.annotations.NullMarked;
