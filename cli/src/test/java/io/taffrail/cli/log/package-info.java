@NullMarked
package io.taffrail.cli.log;

import org.jspecify.annotations.NullMarked;
