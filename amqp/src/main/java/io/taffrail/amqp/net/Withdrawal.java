package io.taffrail.amqp.net;

import io.netty.channel.Channel;
import io.taffrail.broker.user.UserListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Applies changes of users to open connections: connections of a deleted user are closed, and those
 * of a user whose permissions changed are checked again. Safe for any thread.
 *
 * @param connections
 *            sockets of all open connections
 */
record Withdrawal(Iterable<Channel> connections) implements UserListener {

    @Override
    public CompletableFuture<Void> deleted(String user) {
        return everywhere(connection -> connection.userDeleted(user));
    }

    @Override
    public CompletableFuture<Void> permissionsChanged(String user) {
        return everywhere(connection -> connection.permissionsChanged(user));
    }

    private CompletableFuture<Void> everywhere(Consumer<AmqpConnection> change) {
        List<CompletableFuture<Void>> told = new ArrayList<>();
        for (Channel socket : connections) {
            AmqpConnection connection = socket.pipeline().get(AmqpConnection.class);
            if (connection != null) {
                told.add(connection.tasks().post(() -> change.accept(connection)));
            }
        }
        return CompletableFuture.allOf(told.toArray(CompletableFuture[]::new));
    }
}
