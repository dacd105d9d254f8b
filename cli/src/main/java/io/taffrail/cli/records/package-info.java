/** Commands that write and read records. */
@NullMarked
package io.taffrail.cli.records;

import org.jspecify.annotations.NullMarked;
