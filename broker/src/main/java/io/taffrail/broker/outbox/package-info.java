/**
 * The transfer of messages from logs of one owner to a log of another: all or nothing, exactly
 * once, and in order for each destination. The sending owner's commit puts the message into its
 * outbox. When that is durable, the receiving owner stores the message and its position in that
 * outbox in one commit. The outbox is trimmed behind the entries that all receivers have. See
 * {@code docs/internals/outbox.md}.
 */
@NullMarked
package io.taffrail.broker.outbox;

import org.jspecify.annotations.NullMarked;
