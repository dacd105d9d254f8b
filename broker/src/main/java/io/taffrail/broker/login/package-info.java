/**
 * Password checks of all heads: users, threads that hash, and delays after failed attempts. Safe
 * for any thread.
 */
@NullMarked
package io.taffrail.broker.login;

import org.jspecify.annotations.NullMarked;
