package io.taffrail.kafka.security;

import io.taffrail.kafka.api.Handler;
import java.util.List;
import java.util.stream.Stream;

/** Factory of the handlers of all requests about access control, logins and tokens. */
public final class SecurityHandlers {

    private SecurityHandlers() {}

    public static List<Handler<?>> all() {
        return Stream.of(Acls.handlers(), Sasl.handlers(), ScramUsers.handlers(),
                DelegationTokens.handlers()).flatMap(List::stream).<Handler<?>>map(it -> it)
                .toList();
    }
}
