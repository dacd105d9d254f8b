@NullMarked
package io.taffrail.log.local.disk;

import org.jspecify.annotations.NullMarked;
