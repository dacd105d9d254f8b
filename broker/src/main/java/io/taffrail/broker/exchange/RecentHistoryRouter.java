package io.taffrail.broker.exchange;

import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.message.Value;
import java.util.Optional;

/**
 * A router that matches every binding, and adds the message to the exchange's {@link History}
 * unless a header opts out.
 */
final class RecentHistoryRouter implements Router {

    private static final String NO_STORE = "x-recent-history-no-store";

    private final Routes all = new Routes();
    private final History history;

    RecentHistoryRouter(History history) {
        this.history = history;
    }

    @Override
    public void add(Binding binding, Destination destination) {
        all.add(destination);
    }

    @Override
    public void remove(Binding binding, Destination destination) {
        all.remove(destination);
    }

    @Override
    public boolean isByKey() {
        return false;
    }

    @Override
    public void route(Walk walk) {
        if (isKept(walk.properties())) {
            walk.passed(history);
        }
        all.match(walk);
    }

    private static boolean isKept(Properties properties) {
        return !properties.has(Property.HEADERS) || !properties.headers().get(NO_STORE)
                .filter(value -> value instanceof Value.Bool(boolean no) && no).isPresent();
    }

    @Override
    public Optional<History> history() {
        return Optional.of(history);
    }
}
