package io.taffrail.broker.exchange;

import io.taffrail.broker.message.ByteText;
import java.util.SplittableRandom;

/**
 * A router that chooses one binding for each message, whatever the binding keys: by a hash of the
 * routing key ({@code x-modulus-hash}) or at random ({@code x-random}). Keys from {@code CC} and
 * {@code BCC} are ignored. The binding that a hash selects changes with the number of bindings.
 */
final class OneOfRouter implements Router {

    /** A choice among {@code count} bindings. */
    private interface Choice {
        int index(String key, int count);
    }

    private final Routes all = new Routes();
    private final Choice choice;

    private OneOfRouter(Choice choice) {
        this.choice = choice;
    }

    static OneOfRouter byKey() {
        return new OneOfRouter((key, count) -> Math.floorMod(
                PartitionRouter.murmur2(ByteText.bytes(key)), count));
    }

    static OneOfRouter atRandom(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return new OneOfRouter((_, count) -> random.nextInt(count));
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
        if (!all.isEmpty()) {
            all.match(walk, choice.index(walk.key(), all.count()));
        }
    }
}
