package io.taffrail.amqp.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.taffrail.amqp.channel.AmqpChannel;
import io.taffrail.amqp.channel.Link;
import io.taffrail.amqp.codec.AmqpException;
import io.taffrail.amqp.codec.ChannelMethod;
import io.taffrail.amqp.codec.Frame;
import io.taffrail.amqp.codec.Method;
import io.taffrail.amqp.codec.ReplyCode;
import io.taffrail.broker.limit.LimitKind;
import io.taffrail.broker.limit.OpenObjects;
import io.taffrail.broker.traffic.ChannelReport;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The open channels of one connection, by channel number. On the connection's loop only. */
final class Channels {

    /** Approximate memory of one channel, in bytes. */
    private static final int CHANNEL_BYTES = 4096;

    private final Link connection;
    private final int most;
    private final ChannelChurn churn;
    private final OpenObjects ofUsers;
    private final IntObjectMap<AmqpChannel> open = new IntObjectHashMap<>(4);
    private int lastNumber;
    private @Nullable AmqpChannel last;

    /**
     * @param most
     *            maximum number of open channels
     * @param churn
     *            counts those that are opened and closed
     * @param ofUsers
     *            counts those of each user, which operators may limit
     */
    Channels(Link connection, int most, ChannelChurn churn, OpenObjects ofUsers) {
        this.ofUsers = ofUsers;
        this.churn = churn;
        this.connection = connection;
        this.most = most;
    }

    void frame(int type, int number, ByteBuf payload, ByteBufAllocator allocator) {
        AmqpChannel channel = find(number);
        if (channel != null) {
            channel.frame(type, payload, allocator);
        } else {
            open(type, number, payload);
        }
    }

    private @Nullable AmqpChannel find(int number) {
        if (number != lastNumber || last == null) {
            last = open.get(number);
            lastNumber = number;
        }
        return last;
    }

    private void open(int type, int number, ByteBuf payload) {
        if (type != Frame.METHOD) {
            throw expectedOpen();
        }
        Method method = Method.read(payload);
        switch (method) {
            case ChannelMethod.Open _ -> {
                if (open.size() >= most) {
                    throw new AmqpException(ReplyCode.NOT_ALLOWED, "number of channels opened ("
                            + open.size() + ") has reached the negotiated channel_max (" + most
                            + ")");
                }
                countForUser();
                open.put(number, new AmqpChannel(number, connection));
                churn.opened(1);
                connection.memory().add(CHANNEL_BYTES);
                last = null;
                connection.output().method(number, new ChannelMethod.OpenOk(""));
            }
            case ChannelMethod.CloseOk _ -> {
                // Client and broker closed the channel at the same time.
            }
            default -> connection.fail(expectedOpen(), Optional.of(method));
        }
    }

    private void countForUser() {
        ofUsers.take(LimitKind.USER_CHANNELS, connection.user()).ifPresent(limit -> {
            throw new AmqpException(ReplyCode.NOT_ALLOWED, "number of channels opened for user '"
                    + connection.user() + "' has reached the maximum allowed user limit of ("
                    + limit + ")");
        });
    }

    private static AmqpException expectedOpen() {
        return new AmqpException(ReplyCode.CHANNEL_ERROR, "expected 'channel.open'");
    }

    void closed(int number) {
        if (open.remove(number) != null) {
            churn.closed(1);
            ofUsers.release(LimitKind.USER_CHANNELS, connection.user(), 1);
            connection.memory().remove(CHANNEL_BYTES);
        }
        last = null;
    }

    /** The open channels as an operator sees them. */
    List<ChannelReport> reports() {
        return open.values().stream().map(AmqpChannel::report).toList();
    }

    /** Applies changed permissions of the user to every channel. */
    void permissionsChanged() {
        List.copyOf(open.values()).forEach(AmqpChannel::permissionsChanged);
    }

    /** Releases all channels. */
    void release() {
        List.copyOf(open.values()).forEach(AmqpChannel::release);
        connection.memory().remove((long) CHANNEL_BYTES * open.size());
        churn.closed(open.size());
        ofUsers.release(LimitKind.USER_CHANNELS, connection.user(), open.size());
        open.clear();
        last = null;
    }
}
