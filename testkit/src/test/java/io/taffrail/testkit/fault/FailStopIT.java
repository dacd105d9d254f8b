package io.taffrail.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import io.taffrail.testkit.ForkedBroker;
import io.taffrail.testkit.amqp.Rabbit;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process without free memory ends at once, and the next process has every confirmed message. */
class FailStopIT {

    private static final int MESSAGES = 500;
    private static final int PATIENCE_S = 60;
    private static final String LISTENING = "listening  amqp  127.0.0.1:";

    @TempDir
    Path dir = Path.of(".");

    @ParameterizedTest
    @CsvSource({"-XX:-ExitOnOutOfMemoryError, 9, FST-001 stopped at once",
        "-XX:+ExitOnOutOfMemoryError, 3, Terminating due to java.lang.OutOfMemoryError"})
    void memoryThatIsGoneEndsTheBroker(String flag, int code, String reason) throws Exception {
        Path err = dir.resolve("err");
        Process process = start(flag, err);
        try (Rabbit rabbit = Rabbit.connect(address(process))) {
            Channel channel = rabbit.confirming();
            channel.queueDeclare("q", true, false, false, null);
            for (int number = 0; number < MESSAGES; number++) {
                channel.basicPublish("", "q", null,
                        Integer.toString(number).getBytes(StandardCharsets.US_ASCII));
            }
            Rabbit.confirmed(channel);

            process.getOutputStream().write('x');
            process.getOutputStream().flush();

            assertThat(process.waitFor(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(code);
            assertThat(Files.readString(err)).contains(reason);
        } finally {
            process.destroyForcibly();
        }

        try (ForkedBroker again = ForkedBroker.start(dir.resolve("data"), Map.of());
                Rabbit rabbit = Rabbit.connect(address(again.amqp()))) {
            assertThat(Rabbit.drain(rabbit.channel(), "q")).containsExactlyElementsOf(
                    IntStream.range(0, MESSAGES).mapToObj(Integer::toString).toList());
        }
    }

    private Process start(String flag, Path err) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m", flag,
                "-XX:+DisplayVMOutputToStderr", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), StarvedBroker.class.getName(), "start",
                "--data-dir", dir.resolve("data").toString(), "--kafka", "127.0.0.1:0", "--amqp",
                "127.0.0.1:0", "--http", "127.0.0.1:0"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("TAFFRAIL_"));
        return builder.start();
    }

    /** Reads the AMQP address from the output; the few later lines fit into the pipe. */
    private static InetSocketAddress address(Process process) throws IOException {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(LISTENING)) {
                return address(line.substring(line.lastIndexOf(' ') + 1));
            }
        }
        throw new IllegalStateException("the broker did not start");
    }

    private static InetSocketAddress address(String hostPort) {
        int colon = hostPort.lastIndexOf(':');
        return new InetSocketAddress(hostPort.substring(0, colon),
                Integer.parseInt(hostPort.substring(colon + 1)));
    }
}
