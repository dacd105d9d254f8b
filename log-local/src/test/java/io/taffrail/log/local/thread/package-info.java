@NullMarked
package io.taffrail.log.local.thread;

import org.jspecify.annotations.NullMarked;
