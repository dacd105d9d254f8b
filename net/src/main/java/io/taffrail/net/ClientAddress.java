package io.taffrail.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * The unit to which limits per address apply: an IPv4 address, or an IPv6 /64 network, because a
 * single machine usually has a whole /64.
 */
record ClientAddress(String text) {

    private static final int NETWORK_BYTES = 8;

    static ClientAddress of(SocketAddress remote) {
        if (!(remote instanceof InetSocketAddress socket) || socket.getAddress() == null) {
            return new ClientAddress(remote.toString());
        }
        if (!(socket.getAddress() instanceof Inet6Address address)
                || address.isLoopbackAddress()) {
            return new ClientAddress(socket.getAddress().getHostAddress());
        }
        byte[] network = address.getAddress();
        Arrays.fill(network, NETWORK_BYTES, network.length, (byte) 0);
        try {
            return new ClientAddress(
                    InetAddress.getByAddress(network).getHostAddress() + "/64");
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 16 bytes", e);
        }
    }
}
