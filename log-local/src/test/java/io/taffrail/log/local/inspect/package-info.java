@NullMarked
package io.taffrail.log.local.inspect;

import org.jspecify.annotations.NullMarked;
