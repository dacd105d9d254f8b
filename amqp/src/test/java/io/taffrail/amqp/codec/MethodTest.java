package io.taffrail.amqp.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.taffrail.broker.message.ByteText;
import io.taffrail.broker.message.FieldTable;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MethodTest {

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final RandomMethods methods = new RandomMethods(random);

    @Test
    void everyMethodIsReadAsItWasWritten() throws ReflectiveOperationException {
        for (int round = 0; round < 50; round++) {
            for (Class<?> kind : RandomMethods.kinds()) {
                Method method = methods.of(kind);
                ByteBuf bytes = Unpooled.buffer();

                Method.write(method, bytes);

                assertThat(Method.read(bytes)).as("seed %d", seed).isEqualTo(method);
                assertThat(bytes.readableBytes()).as("left of %s, seed %d", method, seed).isZero();
            }
        }
    }

    @Test
    void lineBreaksInNamesArePassedOver() {
        assertThat(new QueueMethod.Delete("a\r\nb", false, false, false).queue())
                .isEqualTo("ab");
        assertThat(new ExchangeMethod.Bind("x\n", "\ry", "k\n", false, FieldTable.EMPTY))
                .isEqualTo(new ExchangeMethod.Bind("x", "y", "k\n", false, FieldTable.EMPTY));
        assertThat(new QueueMethod.Purge("a\nb", false).queue()).isEqualTo("a\nb");
    }

    @Test
    void aMethodCutShortIsAFrameError() throws ReflectiveOperationException {
        for (Class<?> kind : RandomMethods.kinds()) {
            ByteBuf bytes = Unpooled.buffer();
            Method.write(methods.of(kind), bytes);
            for (int length = 0; length < bytes.readableBytes(); length++) {
                ByteBuf cut = bytes.copy(0, length);
                assertThatThrownBy(() -> Method.read(cut)).as("%s of %d, seed %d", kind, seed)
                        .isInstanceOfSatisfying(AmqpException.class,
                                e -> assertThat(e.code()).isEqualTo(ReplyCode.FRAME_ERROR));
            }
        }
    }

    @Test
    void bytesAtRandomAreRefusedOrRead() throws ReflectiveOperationException {
        for (int round = 0; round < 100; round++) {
            for (Class<?> kind : RandomMethods.kinds()) {
                ByteBuf bytes = Unpooled.buffer();
                Method.write(methods.of(kind), bytes);
                for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                    bytes.setByte(random.nextInt(bytes.readableBytes()), random.nextInt());
                }
                readOrRefuse(bytes);
            }
        }
    }

    private void readOrRefuse(ByteBuf bytes) {
        try {
            assertThat(Method.read(bytes)).isNotNull();
        } catch (AmqpException | UnknownMethodException refused) {
            assertThat(refused.getMessage()).isNotEmpty();
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    /** The expected bytes come from RabbitMQ's Java client. */
    @Test
    void bitsArePackedIntoOneOctet() {
        ByteBuf bytes = Unpooled.buffer();

        Method.write(new QueueMethod.Declare("q", false, true, false, true, false,
                io.taffrail.broker.message.FieldTable.EMPTY), bytes);

        assertThat(HexFormat.of().formatHex(bytes.array(), 0, bytes.readableBytes()))
                .isEqualTo("0032000a" + "0000" + "0171" + "0a" + "00000000");
    }

    @Test
    void aMethodThatDoesNotExistIsUnknown() {
        ByteBuf bytes = Unpooled.buffer().writeShort(60).writeShort(61);

        assertThatThrownBy(() -> Method.read(bytes)).isInstanceOf(UnknownMethodException.class);
    }

    @Test
    void anUnknownFieldTypeIsAnInternalError() {
        ByteBuf bytes = Unpooled.buffer().writeShort(50).writeShort(10).writeShort(0).writeByte(0)
                .writeByte(0).writeInt(3).writeByte(1).writeByte('a').writeByte('z');

        assertThatThrownBy(() -> Method.read(bytes)).isInstanceOfSatisfying(AmqpException.class,
                e -> assertThat(e.code()).isEqualTo(ReplyCode.INTERNAL_ERROR));
    }

    /**
     * As in RabbitMQ, names must be UTF-8, but exchange and routing key of a publish need not be.
     */
    @Test
    void namesThatAreNotUtf8AreFrameErrors() {
        String name = ByteText.of(new byte[]{'c', 'a', 'f', (byte) 0xE9});
        for (Method method : List.<Method>of(
                new QueueMethod.Declare(name, false, false, false, false, false, FieldTable.EMPTY),
                new QueueMethod.Bind("q", "x", name, false, FieldTable.EMPTY),
                new ExchangeMethod.Delete(name, false, false),
                new BasicMethod.Cancel(name, false))) {
            ByteBuf bytes = Unpooled.buffer();
            Method.write(method, bytes);
            assertThatThrownBy(() -> Method.read(bytes)).isInstanceOfSatisfying(
                    AmqpException.class, e -> {
                        assertThat(e.code()).isEqualTo(ReplyCode.FRAME_ERROR);
                        assertThat(e).hasMessageContaining("Malformed UTF-8 in shortstr");
                    });
        }
        BasicMethod.Publish publish = new BasicMethod.Publish(name, name, false, false);
        ByteBuf bytes = Unpooled.buffer();
        Method.write(publish, bytes);
        assertThat(Method.read(bytes)).isEqualTo(publish);
    }

    @Test
    void tablesWithinTablesHaveABound() {
        ByteBuf table = Unpooled.buffer().writeByte(1).writeByte('a').writeByte('V');
        for (int depth = 0; depth < 10_000; depth++) {
            ByteBuf outer = Unpooled.buffer().writeByte(1).writeByte('a').writeByte('F')
                    .writeInt(table.readableBytes()).writeBytes(table);
            table = outer;
        }
        ByteBuf bytes = Unpooled.buffer().writeShort(50).writeShort(10).writeShort(0).writeByte(0)
                .writeByte(0).writeInt(table.readableBytes()).writeBytes(table);

        assertThatThrownBy(() -> Method.read(bytes)).isInstanceOfSatisfying(AmqpException.class,
                e -> assertThat(e.code()).isEqualTo(ReplyCode.SYNTAX_ERROR));
    }
}
