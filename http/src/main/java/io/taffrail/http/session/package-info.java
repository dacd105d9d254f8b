/**
 * Sessions of browsers: created by a login with a password, found again by a cookie. They are kept
 * in memory only and may be used from any thread.
 */
@NullMarked
package io.taffrail.http.session;

import org.jspecify.annotations.NullMarked;
