/**
 * Requests about access control, logins and tokens. None of these is available: each is answered as
 * a Kafka broker answers where the feature is switched off, so that tools take it for switched off
 * and not for an incompatible broker.
 */
@NullMarked
package io.taffrail.kafka.security;

import org.jspecify.annotations.NullMarked;
