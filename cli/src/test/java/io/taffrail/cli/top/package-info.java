@NullMarked
package io.taffrail.cli.top;

import org.jspecify.annotations.NullMarked;
