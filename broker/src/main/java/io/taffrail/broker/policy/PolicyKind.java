package io.taffrail.broker.policy;

/** Whose policy it is. One of each kind at most applies to an object. */
public enum PolicyKind {
    /** Of those who use the virtual host. */
    USER("policy"),
    /** Of those who run the broker: limits that hold whatever users set. */
    OPERATOR("operator_policy");

    private final String text;

    PolicyKind(String text) {
        this.text = text;
    }

    /** What RabbitMQ calls it. */
    public String text() {
        return text;
    }
}
