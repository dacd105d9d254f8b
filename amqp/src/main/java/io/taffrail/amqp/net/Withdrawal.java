package io.taffrail.amqp.net;

import io.netty.channel.Channel;
import io.taffrail.broker.user.UserListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Holds open connections to changes of users: those of a deleted user end, and those of a user with
 * other permissions than before are checked against these. Safe for any thread.
 *
 * @param connections
 *            the sockets there are
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

    private CompletableFuture<Void> everywhere(Consumer<Connection> change) {
        List<CompletableFuture<Void>> told = new ArrayList<>();
        for (Channel socket : connections) {
            Connection connection = socket.pipeline().get(Connection.class);
            if (connection != null) {
                told.add(connection.tasks().post(() -> change.accept(connection)));
            }
        }
        return CompletableFuture.allOf(told.toArray(CompletableFuture[]::new));
    }
}
