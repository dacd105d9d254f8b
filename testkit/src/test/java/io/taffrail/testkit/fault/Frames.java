package io.taffrail.testkit.fault;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A recorded session and random mutations of it. */
final class Frames {

    private static final int HEADER_BYTES = 8;
    private static final int AROUND_BYTES = 8;

    private final byte[] session;
    private final List<byte[]> frames = new ArrayList<>();

    /**
     * @param session
     *            the protocol header, then whole frames (AMQP 0-9-1 §4.2.3)
     */
    Frames(byte[] session) {
        this.session = session;
        ByteBuffer left = ByteBuffer.wrap(session).position(HEADER_BYTES);
        while (left.hasRemaining()) {
            byte[] frame = new byte[AROUND_BYTES + left.getInt(left.position() + 3)];
            left.get(frame);
            frames.add(frame);
        }
    }

    byte[] session() {
        return session;
    }

    /** The session with a few random errors. */
    byte[] mutated(Random random) {
        byte[] changed = random.nextBoolean() ? wholeFrames(random) : bytes(session, random, 0);
        return random.nextInt(4) == 0
                ? java.util.Arrays.copyOf(changed, random.nextInt(changed.length))
                : changed;
    }

    /** A valid beginning followed by random bytes. */
    byte[] noise(Random random) {
        byte[] noise = new byte[random.nextInt(4096)];
        random.nextBytes(noise);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(session, 0, random.nextInt(session.length));
        out.writeBytes(noise);
        return out.toByteArray();
    }

    /** Drops, repeats, swaps and corrupts frames, or moves them to other channels. */
    private byte[] wholeFrames(Random random) {
        List<byte[]> changed = new ArrayList<>(frames);
        for (int left = 1 + random.nextInt(4); left > 0; left--) {
            // The login mostly stays: without it the broker accepts little of the rest.
            int from = random.nextInt(8) == 0 ? 0 : Math.min(3, changed.size() - 1);
            int at = from + random.nextInt(changed.size() - from);
            int other = from + random.nextInt(changed.size() - from);
            switch (random.nextInt(5)) {
                case 0 -> changed.remove(at);
                case 1 -> changed.add(at, changed.get(other));
                case 2 -> java.util.Collections.swap(changed, at, other);
                case 3 -> {
                    byte[] frame = changed.get(at).clone();
                    frame[2] = (byte) random.nextInt(4);
                    changed.set(at, frame);
                }
                default -> changed.set(at, bytes(changed.get(at), random, 7));
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(session, 0, HEADER_BYTES);
        changed.forEach(out::writeBytes);
        return out.toByteArray();
    }

    private static byte[] bytes(byte[] of, Random random, int from) {
        byte[] changed = of.clone();
        int most = changed.length - from;
        for (int left = 1 + random.nextInt(4); left > 0 && most > 1; left--) {
            int at = from + random.nextInt(most - 1);
            switch (random.nextInt(3)) {
                case 0 -> changed[at] = (byte) random.nextInt(256);
                case 1 -> changed[at] ^= (byte) (1 << random.nextInt(8));
                default -> changed[at] = (byte) (random.nextBoolean() ? 0 : 255);
            }
        }
        return changed;
    }
}
