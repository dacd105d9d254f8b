/** Interfaces of request handlers; each request has one class that implements one of them. */
@NullMarked
package io.taffrail.kafka.api;

import org.jspecify.annotations.NullMarked;
