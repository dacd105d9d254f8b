/**
 * The threads of an engine, behind an interface so that a simulation can run all work on one thread
 * in an order of its choice.
 */
@NullMarked
package io.taffrail.log.local.thread;

import org.jspecify.annotations.NullMarked;
