/**
 * Requests about access control, logins and tokens. None of these features is available. Each
 * request is answered as by a Kafka broker on which the feature is disabled, so that tools treat it
 * as disabled and not as an incompatible broker.
 */
@NullMarked
package io.taffrail.kafka.security;

import org.jspecify.annotations.NullMarked;
