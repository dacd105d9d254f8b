package io.taffrail.kafka.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Arrays of equal keys, which Kafka's message classes would take minutes to read. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD, unit = TimeUnit.SECONDS)
class KeyedArraysTest {

    private static final int MANY = 20_000;

    @Test
    void refusesOneConfigManyTimes() {
        refused(createTopics(_ -> "", MANY));
    }

    @Test
    void refusesNamesOfOneHash() {
        // "Aa" and "BB" have equal hashes, and so have all strings of the same length built from
        // them.
        refused(createTopics(index -> {
            StringBuilder name = new StringBuilder();
            for (int bit = 0; bit < 15; bit++) {
                name.append((index >> bit & 1) == 0 ? "Aa" : "BB");
            }
            return name.toString();
        }, MANY));
    }

    @Test
    void refusesOneTopicOfAProduceManyTimes() {
        ByteBuffer body = ByteBuffer.allocate(12 + 7 * MANY).putShort((short) -1)
                .putShort((short) 1).putInt(1000).putInt(MANY);
        for (int i = 0; i < MANY; i++) {
            body.putShort((short) 1).put((byte) 'x').putInt(0);
        }
        refused(frame(ApiKeys.PRODUCE, 7, body.flip()));
    }

    @Test
    void refusesOneProtocolOfAMemberManyTimes() {
        ByteBuffer body = ByteBuffer.allocate(100 + 6 * MANY).putShort((short) 1)
                .put((byte) 'g').putInt(1000).putInt(1000).putShort((short) 0)
                .putShort((short) 0).putInt(MANY);
        for (int i = 0; i < MANY; i++) {
            body.putShort((short) 0).putInt(0);
        }
        refused(frame(ApiKeys.JOIN_GROUP, 2, body.flip()));
    }

    @Test
    void refusesOnePartitionOfADeletionManyTimes() {
        ByteBuffer body = ByteBuffer.allocate(100 + 12 * MANY).putInt(1).putShort((short) 1)
                .put((byte) 'x').putInt(MANY);
        for (int i = 0; i < MANY; i++) {
            body.putInt(0).putLong(0);
        }
        refused(frame(ApiKeys.DELETE_RECORDS, 1, body.putInt(1000).flip()));
    }

    @Test
    void takesManyDifferentTopics() throws BadRequestException {
        int topics = 5000;
        ByteBuffer body = ByteBuffer.allocate(100 + 60 * topics).putInt(topics);
        for (int i = 0; i < topics; i++) {
            string(body, "topic-" + i).putInt(1).putShort((short) 1).putInt(0).putInt(1);
            string(string(body, "retention.ms"), "1000");
        }
        Decoded decoded = RequestDecoder.decode(
                frame(ApiKeys.CREATE_TOPICS, 2, body.putInt(1000).put((byte) 0).flip()));

        assertThat(((CreateTopicsRequestData) decoded.body()).topics()).hasSize(topics);
        assertThat(decoded.fields()).isGreaterThan(5 * topics);
    }

    @Test
    void takesConfigsOfManyTopics() throws BadRequestException {
        int topics = 5000;
        ByteBuffer body = ByteBuffer.allocate(100 + 60 * topics).putInt(topics);
        for (int i = 0; i < topics; i++) {
            string(body.put((byte) 2), "topic-" + i).putInt(1);
            string(string(body, "retention.ms").put((byte) 0), "1000");
        }
        Decoded decoded = RequestDecoder.decode(
                frame(ApiKeys.INCREMENTAL_ALTER_CONFIGS, 0, body.put((byte) 0).flip()));

        assertThat(((IncrementalAlterConfigsRequestData) decoded.body()).resources())
                .hasSize(topics);
    }

    @Test
    void takesARepetitionThatCostsLittle() throws BadRequestException {
        Decoded decoded = RequestDecoder.decode(createTopics(_ -> "same", 50));

        assertThat(((CreateTopicsRequestData) decoded.body()).topics()).singleElement()
                .satisfies(topic -> assertThat(topic.configs()).hasSize(50));
    }

    private static ByteBuf createTopics(IntFunction<String> config, int configs) {
        ByteBuffer body = ByteBuffer.allocate(100 + 40 * configs).putInt(1);
        string(body, "q").putInt(1).putShort((short) 1).putInt(0).putInt(configs);
        for (int i = 0; i < configs; i++) {
            string(string(body, config.apply(i)), "");
        }
        return frame(ApiKeys.CREATE_TOPICS, 2, body.putInt(1000).put((byte) 1).flip());
    }

    private static ByteBuffer string(ByteBuffer to, String text) {
        to.putShort((short) text.length());
        text.chars().forEach(c -> to.put((byte) c));
        return to;
    }

    private static ByteBuf frame(ApiKeys key, int version, ByteBuffer body) {
        return Unpooled.buffer().writeShort(key.id).writeShort(version).writeInt(1)
                .writeShort(-1).writeBytes(body);
    }

    private static void refused(ByteBuf frame) {
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20),
                () -> assertThatThrownBy(() -> RequestDecoder.decode(frame))
                        .isInstanceOf(BadRequestException.class)
                        .hasMessageContaining("too often"));
    }
}
