/** The workload over Kafka's protocol, with Kafka's own Java client. */
@NullMarked
package io.taffrail.verify.kafka;

import org.jspecify.annotations.NullMarked;
