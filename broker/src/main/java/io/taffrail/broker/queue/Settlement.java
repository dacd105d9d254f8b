package io.taffrail.broker.queue;

/** The ways to settle a delivery. */
public enum Settlement {

    /** {@link Delivery#accept}. */
    ACCEPT {
        @Override
        public void apply(Delivery delivery) {
            delivery.accept();
        }
    },

    /** {@link Delivery#requeue}. */
    REQUEUE {
        @Override
        public void apply(Delivery delivery) {
            delivery.requeue();
        }
    },

    /** {@link Delivery#reject}. */
    REJECT {
        @Override
        public void apply(Delivery delivery) {
            delivery.reject();
        }
    };

    /** Settles a delivery. Owner thread only. */
    public abstract void apply(Delivery delivery);
}
