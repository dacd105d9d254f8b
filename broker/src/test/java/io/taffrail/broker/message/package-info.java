@NullMarked
package io.taffrail.broker.message;

import org.jspecify.annotations.NullMarked;
