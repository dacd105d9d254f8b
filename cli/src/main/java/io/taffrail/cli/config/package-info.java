/**
 * Configuration: the keys that the config records declare, read from a file, the environment and
 * flags, later ones winning. Nothing here knows a key by name.
 */
@NullMarked
package io.taffrail.cli.config;

import org.jspecify.annotations.NullMarked;
