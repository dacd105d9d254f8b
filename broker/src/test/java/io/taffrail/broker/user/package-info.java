/** Tests of users and their permissions. */
@NullMarked
package io.taffrail.broker.user;

import org.jspecify.annotations.NullMarked;
