@NullMarked
package io.taffrail.cli.config;

import org.jspecify.annotations.NullMarked;
