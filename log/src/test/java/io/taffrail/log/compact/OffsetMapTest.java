package io.taffrail.log.compact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.config.ByteSize;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class OffsetMapTest {

    private static ByteBuffer key(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    @Test
    void keepsTheNewestOffsetOfEachKey() {
        OffsetMap map = new OffsetMap(ByteSize.mebibytes(1));
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
    void growsToItsLimitAndThenTakesNoNewKeys() {
        int slots = 50_000;
        OffsetMap map = new OffsetMap(new ByteSize(slots * 24L));
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
    void aTinyLimitHoldsAKey() {
        OffsetMap map = new OffsetMap(new ByteSize(0));

        assertThat(map.put(key("a"), 1)).isTrue();
        assertThat(map.put(key("b"), 1)).isFalse();
    }
}
