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
 * of type {@link TestBroker} gets it too.
 */
public final class TaffrailExtension
        implements
            BeforeAllCallback,
            AfterAllCallback,
            BeforeEachCallback,
            AfterEachCallback,
            ParameterResolver {

    private final Consumer<TestBroker.Builder> settings;
    private @Nullable TestBroker broker;
    private boolean forAll;

    /** A broker with all defaults. */
    public TaffrailExtension() {
        this(builder -> {});
    }

    /** A broker with what this sets on its builder. */
    public TaffrailExtension(Consumer<TestBroker.Builder> settings) {
        this.settings = settings;
    }

    /** The running broker. */
    public TestBroker broker() {
        TestBroker present = broker;
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
        return parameter.getParameter().getType() == TestBroker.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return broker();
    }

    private TestBroker start() {
        TestBroker.Builder builder = TestBroker.builder();
        settings.accept(builder);
        return builder.start();
    }

    private void stop() {
        TestBroker running = broker;
        broker = null;
        if (running != null) {
            running.close();
        }
    }
}
