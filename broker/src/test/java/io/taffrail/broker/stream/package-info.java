@NullMarked
package io.taffrail.broker.stream;

import org.jspecify.annotations.NullMarked;
