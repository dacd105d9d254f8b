/**
 * Policies: optional arguments for queues and exchanges by their names. Pure, but for
 * {@link io.taffrail.broker.policy.Policies}, which belongs to the owner of a virtual host.
 */
@NullMarked
package io.taffrail.broker.policy;

import org.jspecify.annotations.NullMarked;
