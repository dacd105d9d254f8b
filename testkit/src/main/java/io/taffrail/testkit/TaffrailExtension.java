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
 * A JUnit extension that starts a broker: one for the class if it is a static field with
 * {@code @RegisterExtension} (or named by {@code @ExtendWith}), otherwise one for each test.
 * Parameters of type {@link TaffrailBroker} are injected.
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

    /** Starts a broker with all defaults. */
    public TaffrailExtension() {
        this(builder -> {});
    }

    /** Starts a broker configured by {@code settings}. */
    public TaffrailExtension(Consumer<TaffrailBroker.Builder> settings) {
        this.settings = settings;
    }

    /**
     * The running broker.
     *
     * @throws IllegalStateException
     *             if called while no test runs
     */
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
