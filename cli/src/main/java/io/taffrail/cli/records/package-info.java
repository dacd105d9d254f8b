/** Commands that produce and consume records. */
@NullMarked
package io.taffrail.cli.records;

import org.jspecify.annotations.NullMarked;
