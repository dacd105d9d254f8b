/** The broker as one object: engine, domain and heads put together, started and stopped. */
@NullMarked
package io.taffrail.cli.server;

import org.jspecify.annotations.NullMarked;
