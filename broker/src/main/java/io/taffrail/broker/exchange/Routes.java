package io.taffrail.broker.exchange;

import java.util.ArrayList;
import java.util.List;

/** Destinations in the order of their bindings; one occurs once for each of its bindings. */
final class Routes {

    private final List<Destination> destinations = new ArrayList<>(1);

    void add(Destination destination) {
        destinations.add(destination);
    }

    void remove(Destination destination) {
        destinations.remove(destination);
    }

    boolean isEmpty() {
        return destinations.isEmpty();
    }

    int count() {
        return destinations.size();
    }

    /** Passes one destination to the walk. */
    void match(Walk walk, int index) {
        walk.match(destinations.get(index));
    }

    void match(Walk walk) {
        for (int index = 0; index < destinations.size(); index++) {
            walk.match(destinations.get(index));
        }
    }
}
