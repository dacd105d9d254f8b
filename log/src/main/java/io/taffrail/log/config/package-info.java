/**
 * Annotations and value types of configuration records. The command line derives a parser,
 * help texts and a reference page from them.
 */
@NullMarked
package io.taffrail.log.config;

import org.jspecify.annotations.NullMarked;
