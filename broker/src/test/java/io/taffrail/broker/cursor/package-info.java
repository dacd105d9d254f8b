@NullMarked
package io.taffrail.broker.cursor;

import org.jspecify.annotations.NullMarked;
