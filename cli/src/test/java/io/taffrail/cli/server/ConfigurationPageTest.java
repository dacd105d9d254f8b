package io.taffrail.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.BrokerConfig;
import io.taffrail.cli.config.Config;
import io.taffrail.cli.config.ConfigReference;
import io.taffrail.cli.config.ConfigSources;
import io.taffrail.kafka.KafkaConfig;
import io.taffrail.kafka.groups.GroupSettings;
import io.taffrail.log.local.LocalLogConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationPageTest {

    private static final Path PAGE = Path.of("..", "docs", "configuration.md");

    /**
     * Compares the page with the records; rewrites it if the system property
     * {@code rewrite} is set.
     */
    @Test
    void thePageSaysWhatTheRecordsSay() throws IOException {
        String page = new ConfigReference(Configuration.catalog()).markdown();
        if (System.getProperty("rewrite") != null) {
            Files.writeString(PAGE, page);
        }

        assertThat(Files.readString(PAGE))
                .as("out of date: ./taffrail config --format markdown > docs/configuration.md")
                .isEqualTo(page);
    }

    @Test
    void defaultsInTextAreTheDefaultsInCode() {
        Config config = new ConfigSources(Configuration.catalog()).read();

        assertThat(config.get(LocalLogConfig.class)).isEqualTo(LocalLogConfig.defaults());
        assertThat(config.get(BrokerConfig.class)).isEqualTo(BrokerConfig.defaults());
        assertThat(config.get(KafkaConfig.class)).isEqualTo(KafkaConfig.defaults());
        assertThat(config.get(GroupSettings.class)).isEqualTo(GroupSettings.defaults());
    }
}
