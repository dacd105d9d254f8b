/**
 * The broker as one object: engine, broker core and protocol heads, started and stopped together.
 */
@NullMarked
package io.taffrail.cli.server;

import org.jspecify.annotations.NullMarked;
