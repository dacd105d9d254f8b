/** Tests of io.taffrail.http.session. */
@NullMarked
package io.taffrail.http.session;

import org.jspecify.annotations.NullMarked;
