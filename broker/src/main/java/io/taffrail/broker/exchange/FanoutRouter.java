package io.taffrail.broker.exchange;

/** A router that matches every binding. */
final class FanoutRouter implements Router {

    private final Routes all = new Routes();

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
        all.match(walk);
    }
}
