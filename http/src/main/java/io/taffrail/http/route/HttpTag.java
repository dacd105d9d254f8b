package io.taffrail.http.route;

import java.util.Set;

/** What a route asks of a user's tags, as RabbitMQ's management plugin does. */
public enum HttpTag {
    /** Nothing; the client is not even asked for credentials. */
    ANYBODY(Set.of(), ""),
    /** A user who may log in here at all. */
    MANAGEMENT(Set.of("management", "policymaker", "monitoring", "administrator"),
            "Not management user"),
    /** A user who may set policies and parameters of virtual hosts. */
    POLICYMAKER(Set.of("policymaker", "administrator"), "Not policymaker user"),
    /** A user who may see what belongs to others, and the node. */
    MONITORING(Set.of("monitoring", "administrator"), "Not monitor user"),
    /** A user who may do everything. */
    ADMINISTRATOR(Set.of("administrator"), "Not administrator user");

    private final Set<String> tags;
    private final String refusal;

    HttpTag(Set<String> tags, String refusal) {
        this.tags = tags;
        this.refusal = refusal;
    }

    /** Whether a user with these tags may use the route. */
    public boolean allows(Set<String> userTags) {
        return tags.isEmpty() || userTags.stream().anyMatch(tags::contains);
    }

    /** The reason given to a user who may not. */
    public String refusal() {
        return refusal;
    }
}
