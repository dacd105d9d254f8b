package io.taffrail.broker.user;

import io.taffrail.broker.BrokerException;

/**
 * The access rights of one user in one virtual host, evaluated at each call. Safe for any thread.
 */
public interface Access {

    /** Access to everything. */
    Access FULL = new Access() {
        @Override
        public void exchange(Permission permission, String exchange) {
            // Allowed.
        }

        @Override
        public void queue(Permission permission, String queue) {
            // Allowed.
        }
    };

    /**
     * Checks access to an exchange, which need not exist.
     *
     * @param exchange
     *            empty for the default exchange, whose name in patterns is {@code amq.default}
     * @throws BrokerException
     *             {@link io.taffrail.broker.BrokerError#ACCESS_REFUSED} if it is not granted
     */
    void exchange(Permission permission, String exchange);

    /** Checks access to a queue, as {@link #exchange} does. */
    void queue(Permission permission, String queue);
}
