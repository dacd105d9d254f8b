package io.taffrail.http.route;

import java.util.Set;

/** Tag requirements of routes, as RabbitMQ's management plugin has them. */
public enum HttpTag {
    /** Nothing; the client is not even asked for credentials. */
    ANYBODY(""),
    /** A user of any tag or none, whose permissions in virtual hosts the route checks. */
    USER(""),
    /** A user who may log in to the management API at all. */
    MANAGEMENT("Not management user"),
    /** A user who may set policies and parameters of virtual hosts. */
    POLICYMAKER("Not policymaker user"),
    /** A user who may see what belongs to others, and the node. */
    MONITORING("Not monitor user"),
    /** A user who may do everything. */
    ADMINISTRATOR("Not administrator user");

    private final String refusal;

    HttpTag(String refusal) {
        this.refusal = refusal;
    }

    /** The tags of which a user needs one; empty if none is needed. */
    private Set<String> tags() {
        return switch (this) {
            case ANYBODY, USER -> Set.of();
            case MANAGEMENT -> Set.of("management", "policymaker", "monitoring",
                    "administrator");
            case POLICYMAKER -> Set.of("policymaker", "administrator");
            case MONITORING -> Set.of("monitoring", "administrator");
            case ADMINISTRATOR -> Set.of("administrator");
        };
    }

    /** Whether a user with these tags may use the route. */
    public boolean allows(Set<String> userTags) {
        return this == ANYBODY || this == USER || userTags.stream().anyMatch(tags()::contains);
    }

    /** The reason given to a user who may not. */
    public String refusal() {
        return refusal;
    }
}
