package io.taffrail.testkit;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests a broker: one for the class where it is a static field with
 * {@code @RegisterExtension} (or named by {@code @ExtendWith}), else one for each test. A parameter
 * of type {@link TaffrailBroker} gets it too.
 */
public final class TaffrailExtension
        implements
            BeforeAllCallback,
            AfterAllCallback,
            BeforeEachCallback,
            AfterEachCallback,
            ParameterResolver {

    private final Consumer<TaffrailBroker.Builder> settings;
    private @Nullable TaffrailBroker broker;
    private boolean forAll;

    /** A broker with all defaults. */
    public TaffrailExtension() {
        this(builder -> {});
    }

    /** A broker with what this sets on its builder. */
    public TaffrailExtension(Consumer<TaffrailBroker.Builder> settings) {
        this.settings = settings;
    }

    /** The running broker. */
    public TaffrailBroker broker() {
        TaffrailBroker present = broker;
        if (present == null) {
            throw new IllegalStateException("the broker runs during tests only");
        }
        return present;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        forAll = true;
        broker = start();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (!forAll) {
            broker = start();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (!forAll) {
            stop();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        stop();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TaffrailBroker.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return broker();
    }

    private TaffrailBroker start() {
        TaffrailBroker.Builder builder = TaffrailBroker.builder();
        settings.accept(builder);
        return builder.start();
    }

    private void stop() {
        TaffrailBroker running = broker;
        broker = null;
        if (running != null) {
            running.close();
        }
    }
}
