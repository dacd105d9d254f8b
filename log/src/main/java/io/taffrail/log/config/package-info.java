/**
 * Annotations and value types of configuration records; the command line turns them into a parser,
 * help and a
 * reference page.
 */
@NullMarked
package io.taffrail.log.config;

import org.jspecify.annotations.NullMarked;
