/** Commands that look at stored logs: those of a stopped broker, or of a running one. */
@NullMarked
package io.taffrail.cli.log;

import org.jspecify.annotations.NullMarked;
