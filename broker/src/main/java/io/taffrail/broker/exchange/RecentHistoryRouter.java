package io.taffrail.broker.exchange;

import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import java.util.Optional;

/**
 * A router that matches every binding, and adds the message to the exchange's {@link RecentHistory}
 * unless a header opts out.
 */
final class RecentHistoryRouter implements Router {

    private static final String NO_STORE = "x-recent-history-no-store";

    private final Routes all = new Routes();
    private final RecentHistory history;

    RecentHistoryRouter(RecentHistory history) {
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
                .filter(value -> value instanceof FieldValue.Bool(boolean no) && no).isPresent();
    }

    @Override
    public Optional<RecentHistory> history() {
        return Optional.of(history);
    }
}
