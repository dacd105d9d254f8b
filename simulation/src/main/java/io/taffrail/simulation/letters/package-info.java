/**
 * Messages that move from queues to the partitions of a topic, one on the virtual host's owner and
 * one on another, over any number of crashes: dead letters, delayed messages and fan-outs.
 */
@NullMarked
package io.taffrail.simulation.letters;

import org.jspecify.annotations.NullMarked;
