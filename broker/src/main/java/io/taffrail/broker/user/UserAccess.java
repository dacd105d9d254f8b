package io.taffrail.broker.user;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;

/** The access of a stored user, looked up at each call. */
record UserAccess(Users users, String user, String host) implements Access {

    @Override
    public void exchange(Permission permission, String exchange) {
        check(permission, "exchange", exchange.isEmpty() ? "amq.default" : exchange);
    }

    @Override
    public void queue(Permission permission, String queue) {
        check(permission, "queue", queue);
    }

    private void check(Permission permission, String kind, String name) {
        if (!users.allows(user, host, permission, name)) {
            throw new BrokerException(BrokerError.ACCESS_REFUSED,
                    permission.text() + " access to " + kind + " '" + name + "' in vhost '" + host
                            + "' refused for user '" + user + "'");
        }
    }
}
