/**
 * Configuration: reads the keys declared by configuration records from a file, the environment
 * and command-line flags; later sources override earlier ones.
 */
@NullMarked
package io.taffrail.cli.config;

import org.jspecify.annotations.NullMarked;
