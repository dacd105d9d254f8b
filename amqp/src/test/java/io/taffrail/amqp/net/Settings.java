package io.taffrail.amqp.net;

import io.taffrail.amqp.AmqpConfig;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Changes single settings of an AMQP head. */
final class Settings {

    private Settings() {}

    /**
     * Changes settings.
     *
     * @param changed
     *            new values by the component names of {@link AmqpConfig}
     */
    static UnaryOperator<AmqpConfig> with(Map<String, ?> changed) {
        return config -> {
            RecordComponent[] components = AmqpConfig.class.getRecordComponents();
            Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            try {
                Object[] values = new Object[components.length];
                int known = 0;
                for (int i = 0; i < components.length; i++) {
                    String name = components[i].getName();
                    known += changed.containsKey(name) ? 1 : 0;
                    values[i] = changed.containsKey(name)
                            ? changed.get(name)
                            : components[i].getAccessor().invoke(config);
                }
                if (known != changed.size()) {
                    throw new IllegalArgumentException("no such setting: " + changed.keySet());
                }
                return AmqpConfig.class.getDeclaredConstructor(types).newInstance(values);
            } catch (ReflectiveOperationException e) {
                throw new IllegalArgumentException(e);
            }
        };
    }
}
