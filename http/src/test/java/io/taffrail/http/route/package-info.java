/** Tests of io.taffrail.http.route. */
@NullMarked
package io.taffrail.http.route;

import org.jspecify.annotations.NullMarked;
