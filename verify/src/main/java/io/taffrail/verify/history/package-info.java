/** What clients asked for and what they were told, as a file of JSON lines. */
@NullMarked
package io.taffrail.verify.history;

import org.jspecify.annotations.NullMarked;
