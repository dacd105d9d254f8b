package io.taffrail.simulation.amqp;

import io.taffrail.amqp.AmqpConfig;
import io.taffrail.amqp.net.AmqpListener;
import io.taffrail.amqp.net.Services;
import io.taffrail.broker.login.Authenticator;
import io.taffrail.broker.login.Credentials;
import io.taffrail.broker.user.Access;
import io.taffrail.broker.vhost.LiveVirtualHosts;
import io.taffrail.net.EventLoops;
import io.taffrail.simulation.machine.Machine;
import io.taffrail.simulation.machine.Setting;
import io.taffrail.simulation.machine.SimHosts;
import io.taffrail.simulation.machine.World;
import io.taffrail.simulation.network.SimEventLoop;
import io.taffrail.simulation.network.Wire;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** A virtual host with the AMQP head between a start and a crash or stop. */
final class AmqpMachine extends Machine {

    private final SimEventLoop loop;
    private final LiveVirtualHosts hosts;
    private final Services services;
    private int numbers;

    AmqpMachine(int number, Setting setting, World world) {
        super(number, world, setting);
        this.loop = new SimEventLoop(scheduler(), owner());
        EventLoops loops = EventLoops.of(loop);
        this.hosts = SimHosts.open(this, loops.owners());
        this.services = new Services(AmqpConfig.defaults(), hosts, new Everybody(), loops,
                engine()::unforcedBytes, "simulated");
    }

    /** Accepts all credentials. */
    private static final class Everybody implements Authenticator {

        @Override
        public boolean accepts(Credentials credentials, InetAddress from) {
            return true;
        }

        @Override
        public Optional<Access> access(String user, String host) {
            return Optional.of(Access.FULL);
        }
    }

    Wire connect(Wire.Client client) {
        return new Wire(loop, dice().split(), ++numbers,
                dice().pick(List.of(0, 2, 20)), Wire.AMQP, client,
                channel -> AmqpListener.accept(channel, services));
    }

    @Override
    protected void stopServing() {
        await("the virtual host to close", hosts.closing());
    }
}
