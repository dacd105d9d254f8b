import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;

/**
 * One instance of a Kafka Streams application that counts words: lines are split and repartitioned
 * by word, a state store on disk with a changelog holds the counts, and every update is written,
 * because nothing is cached. Arguments: bootstrap, application id, directory for state, guarantee,
 * input topic, output topic. Runs until it is killed.
 */
public final class WordCountApp {

    public static void main(String[] args) throws InterruptedException {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", args[0]);
        settings.put("application.id", args[1]);
        settings.put("state.dir", args[2]);
        settings.put("processing.guarantee", args[3]);
        settings.put("commit.interval.ms", 100);
        settings.put("statestore.cache.max.bytes", 0);
        settings.put("num.stream.threads", 1);
        settings.put("replication.factor", 1);
        settings.put("reconnect.backoff.max.ms", 200);
        // Below the default, so that a killed instance's work goes to the other one soon.
        settings.put("main.consumer.session.timeout.ms", 10_000);
        settings.put("main.consumer.heartbeat.interval.ms", 1000);
        settings.put("consumer.auto.offset.reset", "earliest");
        // Longer than a restart of the broker on a busy machine.
        settings.put("producer.transaction.timeout.ms", 30_000);

        StreamsBuilder builder = new StreamsBuilder();
        KStream<String, String> lines = builder.stream(args[4],
                Consumed.with(Serdes.String(), Serdes.String()));
        lines.flatMapValues(line -> Arrays.asList(line.split(" ")))
                .groupBy((key, word) -> word, Grouped.with("by-word", Serdes.String(), Serdes.String()))
                .count(Materialized.as("counts"))
                .toStream().to(args[5], Produced.with(Serdes.String(), Serdes.Long()));

        KafkaStreams streams = new KafkaStreams(builder.build(), settings);
        streams.setUncaughtExceptionHandler(failure -> {
            System.out.println("a stream thread is replaced after " + failure);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
        streams.start();
        new CountDownLatch(1).await();
    }

    private WordCountApp() {}
}
