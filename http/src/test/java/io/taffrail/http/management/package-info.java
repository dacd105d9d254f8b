/** Tests of io.taffrail.http.management. */
@NullMarked
package io.taffrail.http.management;

import org.jspecify.annotations.NullMarked;
