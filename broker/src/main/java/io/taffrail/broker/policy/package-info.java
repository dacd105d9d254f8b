/**
 * Policies: optional arguments for queues and exchanges by name. Pure functions, except for
 * {@link io.taffrail.broker.policy.Policies}, which is used on a virtual host's owner thread.
 */
@NullMarked
package io.taffrail.broker.policy;

import org.jspecify.annotations.NullMarked;
