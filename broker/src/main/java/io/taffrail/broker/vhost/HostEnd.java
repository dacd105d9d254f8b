package io.taffrail.broker.vhost;

import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.Registration;
import io.taffrail.log.text.Printable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The listeners to the end of a virtual host. Owner thread only. */
final class HostEnd {

    private final String host;
    private final Owner owner;
    private final Set<EndListener> listeners = new LinkedHashSet<>();
    /** How listeners are told of the end; null until the host ends. */
    private @Nullable Consumer<EndListener> ending;

    HostEnd(String host, Owner owner) {
        this.host = host;
        this.owner = owner;
    }

    boolean isOver() {
        return ending != null;
    }

    /** Ends the host. */
    void end(Consumer<EndListener> how) {
        ending = how;
        List<EndListener> told = List.copyOf(listeners);
        listeners.clear();
        told.forEach(listener -> Guard.run("VHO-001",
                "a listener to the end of virtual host " + Printable.of(host),
                () -> how.accept(listener)));
    }

    /** As {@link VirtualHost#onEnd}. */
    Registration add(EndListener listener) {
        Consumer<EndListener> how = ending;
        if (how != null) {
            owner.execute(() -> how.accept(listener));
            return () -> {};
        }
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
