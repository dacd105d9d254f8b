@NullMarked
package io.taffrail.cli.terminal;

import org.jspecify.annotations.NullMarked;
