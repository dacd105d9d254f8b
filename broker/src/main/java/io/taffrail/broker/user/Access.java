package io.taffrail.broker.user;

import io.taffrail.broker.BrokerException;

/** What one user may do in one virtual host, now. Safe for any thread. */
public interface Access {

    /** To everything. */
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
     * Checks access to an exchange, which need not be there.
     *
     * @param exchange
     *            empty for the default one, whose name in patterns is {@code amq.default}
     * @throws BrokerException
     *             {@link io.taffrail.broker.BrokerError#ACCESS_REFUSED}
     */
    void exchange(Permission permission, String exchange);

    /** Checks access to a queue, as {@link #exchange}. */
    void queue(Permission permission, String queue);
}
