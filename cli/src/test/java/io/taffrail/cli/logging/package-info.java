@NullMarked
package io.taffrail.cli.logging;

import org.jspecify.annotations.NullMarked;
