/**
 * Samples of counters, from which the management API computes rates. They are taken only while
 * somebody asks for them, and kept in memory only.
 */
@NullMarked
package io.taffrail.http.sample;

import org.jspecify.annotations.NullMarked;
