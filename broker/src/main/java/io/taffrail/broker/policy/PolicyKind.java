package io.taffrail.broker.policy;

/** The kind of a policy. At most one policy of each kind applies to an object. */
public enum PolicyKind {
    /** Set by users of the virtual host. */
    USER("policy"),
    /** Set by operators of the broker: limits that hold whatever users set. */
    OPERATOR("operator_policy");

    private final String text;

    PolicyKind(String text) {
        this.text = text;
    }

    /** The name in RabbitMQ. */
    public String text() {
        return text;
    }
}
