@NullMarked
package io.taffrail.net.json;

import org.jspecify.annotations.NullMarked;
