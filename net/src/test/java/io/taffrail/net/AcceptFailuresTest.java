package io.taffrail.net;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class AcceptFailuresTest {

    @Test
    void aFailureToAcceptGoesNoFurther() {
        EmbeddedChannel listening = new EmbeddedChannel(new AcceptFailures(System::nanoTime));
        for (int i = 0; i < 3; i++) {
            listening.pipeline().fireExceptionCaught(new IOException("Too many open files"));
        }

        assertThatCode(listening::checkException).doesNotThrowAnyException();
    }
}
