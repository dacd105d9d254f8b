package io.taffrail.log.compact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.log.config.ByteSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class OffsetMapTest {

    private static ByteBuffer key(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static OffsetMap reserved(ByteSize limit, long keys) throws IOException {
        OffsetMap map = new OffsetMap(limit);
        map.reserve(keys);
        return map;
    }

    @Test
    void keepsTheNewestOffsetOfEachKey() throws IOException {
        OffsetMap map = reserved(ByteSize.mebibytes(1), 10);
        ByteBuffer direct = ByteBuffer.allocateDirect(1).put((byte) 'a').flip();

        assertThat(map.get(key("a"))).isEqualTo(OffsetMap.NOT_FOUND);
        assertThat(map.put(key("a"), 0)).isTrue();
        assertThat(map.put(direct, 5)).isTrue();
        assertThat(map.put(key("a"), 3)).isTrue();
        assertThat(map.put(key(""), 9)).isTrue();

        assertThat(map.get(key("a"))).isEqualTo(5);
        assertThat(map.get(direct)).isEqualTo(5);
        assertThat(map.get(key(""))).isEqualTo(9);
        assertThat(map.size()).isEqualTo(2);
    }

    @Test
    void takesNoNewKeysBeyondItsLimit() throws IOException {
        int slots = 50_000;
        OffsetMap map = reserved(new ByteSize(slots * 24L), Long.MAX_VALUE);
        int taken = 0;
        while (map.put(key("key" + taken), taken)) {
            taken++;
        }
        assertThat(taken).isEqualTo((int) (slots * 0.9));
        assertThat(map.put(key("key7"), 1_000_000)).isTrue();
        assertThat(map.get(key("key7"))).isEqualTo(1_000_000);
        for (int index = 8; index < taken; index++) {
            assertThat(map.get(key("key" + index))).isEqualTo(index);
        }
        assertThat(map.get(key("key" + taken))).isEqualTo(OffsetMap.NOT_FOUND);
    }

    @Test
    void takesTheMemoryOfItsKeysAndNeverMoreThanItsLimit() throws IOException {
        ByteSize limit = new ByteSize(24 * 10_000 + 23);
        OffsetMap map = new OffsetMap(limit);
        assertThat(map.reservedBytes()).isZero();

        for (long keys : new long[]{100, 1_000, 50, 8_999, Long.MAX_VALUE}) {
            map.reserve(keys);
            for (int index = 0; index < Math.min(keys, 9_000); index++) {
                assertThat(map.put(key("key" + index), index)).as("%d of %d", index, keys).isTrue();
            }
            assertThat(map.reservedBytes()).isBetween(24 * Math.min(keys, 9_000), limit.bytes());
        }
        map.reserve(1_000);
        assertThat(map.size()).isZero();
        assertThat(map.get(key("key1"))).isEqualTo(OffsetMap.NOT_FOUND);
        map.release();
        assertThat(map.reservedBytes()).isZero();
    }

    @Test
    void memoryThatIsNotThereFailsTheRoundOnly() {
        OffsetMap map = new OffsetMap(ByteSize.mebibytes(1 << 20));

        assertThatThrownBy(() -> map.reserve(Long.MAX_VALUE)).isInstanceOf(IOException.class)
                .hasMessageContaining("no memory for a table of keys");
        assertThat(map.reservedBytes()).isZero();
    }

    @Test
    void aTinyLimitHoldsAKey() throws IOException {
        OffsetMap map = reserved(new ByteSize(0), 5);

        assertThat(map.put(key("a"), 1)).isTrue();
        assertThat(map.put(key("b"), 1)).isFalse();
    }
}
