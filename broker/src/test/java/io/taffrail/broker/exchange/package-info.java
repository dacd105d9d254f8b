@NullMarked
package io.taffrail.broker.exchange;

import org.jspecify.annotations.NullMarked;
