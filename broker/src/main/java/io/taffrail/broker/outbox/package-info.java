/**
 * How a message gets from the logs of one owner to a log of another, all or nothing, once, and in
 * order for each destination. The sending owner's commit puts it into its outbox; when that is
 * durable the receiving owner stores the message and its position in that outbox in one commit; the
 * outbox is trimmed behind what all receivers have. See {@code docs/internals/outbox.md}.
 */
@NullMarked
package io.taffrail.broker.outbox;

import org.jspecify.annotations.NullMarked;
