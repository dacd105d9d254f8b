/**
 * The threads an engine works with, behind an interface so that a simulation can run all of them on
 * one, in an order of its choice.
 */
@NullMarked
package io.taffrail.log.local.thread;

import org.jspecify.annotations.NullMarked;
