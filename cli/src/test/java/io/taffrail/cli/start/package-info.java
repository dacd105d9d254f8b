@NullMarked
package io.taffrail.cli.start;

import org.jspecify.annotations.NullMarked;
