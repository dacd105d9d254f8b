package io.taffrail.bench.workload;

import io.taffrail.bench.measure.ClientJvm;
import io.taffrail.bench.report.Readings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A run of {@link WordCountClient} on words that are in the topic before the measurement:
 * lines of 10 words out of 10,000, in 3 partitions.
 */
public record WordCount(long defaultRecords) implements Load {
    private static final int PARTITIONS = 3;
    private static final int WORDS_IN_LINE = 10;
    private static final int VOCABULARY = 10_000;

    @Override
    public Readings run(Session session, Variant variant, long records)
            throws IOException, InterruptedException {
        String input = "words-" + System.nanoTime();
        String output = input + "-counts";
        long lines = Math.max(1, records / WORDS_IN_LINE);
        session.createTopics(List.of(input, output), PARTITIONS, variant.settings());
        fill(session.broker().bootstrap(), input, lines);
        Path log = session.nextOutput();
        Meter meter = Meter.start(session.broker());
        ClientJvm.Ended ended = ClientJvm.run(log, Produce.LIMIT, WordCountClient.class.getName(),
                session.broker().bootstrap(), input, output, Long.toString(lines * WORDS_IN_LINE),
                log + "-state");
        Readings readings = meter.stop(lines * WORDS_IN_LINE, ended.use());
        ToolOutput.wordCount(ended.lines(), lines * WORDS_IN_LINE, readings);
        session.deleteTopic(input);
        session.deleteTopic(output);
        return readings;
    }

    private static void fill(String bootstrap, String topic, long lines)
            throws IOException, InterruptedException {
        var random = new Random(1);
        try (var producer = new KafkaProducer<>(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap, ProducerConfig.ACKS_CONFIG, "all"), new StringSerializer(),
                new StringSerializer())) {
            Future<RecordMetadata> last = null;
            for (long i = 0; i < lines; i++) {
                var line = new StringBuilder();
                for (int word = 0; word < WORDS_IN_LINE; word++) {
                    line.append(word == 0 ? "" : " ").append("w")
                            .append(random.nextInt(VOCABULARY));
                }
                last = producer.send(new ProducerRecord<>(topic, line.toString()));
            }
            producer.flush();
            if (last != null) {
                last.get();
            }
        } catch (ExecutionException failed) {
            throw new IOException("the words were not stored", failed);
        }
    }
}
