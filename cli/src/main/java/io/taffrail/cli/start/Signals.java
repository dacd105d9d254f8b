package io.taffrail.cli.start;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles the signals that stop the process. A shutdown hook runs only for the first signal, so
 * this uses the JDK's {@code sun.misc.Signal}, by reflection because the compiler warns about it.
 * A signal that was ignored at process start stays ignored, as {@code nohup} requires.
 */
final class Signals {

    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /**
     * Calls {@code handler} with the number of every INT, TERM and HUP signal from now on. A signal
     * that cannot be handled keeps the JVM's default action.
     */
    static void handle(IntConsumer handler) {
        for (String name : new String[]{"INT", "TERM", "HUP"}) {
            try {
                handle(name, handler);
            } catch (ReflectiveOperationException e) {
                LOG.debug("SIG{} is handled by the JVM", name, e);
            }
        }
    }

    private static void handle(String name, IntConsumer handler)
            throws ReflectiveOperationException {
        Class<?> signalType = Class.forName("sun.misc.Signal");
        Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
        Object signal;
        try {
            signal = signalType.getConstructor(String.class).newInstance(name);
        } catch (InvocationTargetException e) {
            LOG.debug("there is no SIG{}", name, e);
            return;
        }
        int number = (int) signalType.getMethod("getNumber").invoke(signal);
        InvocationHandler calls = (proxy, method, arguments) -> switch (method.getName()) {
            case "handle" -> {
                handler.accept(number);
                yield null;
            }
            default -> method.invoke(handler, arguments);
        };
        try {
            var _ = signalType.getMethod("handle", signalType, handlerType).invoke(null, signal,
                    Proxy.newProxyInstance(Signals.class.getClassLoader(),
                            new Class<?>[]{handlerType}, calls));
        } catch (InvocationTargetException e) {
            LOG.debug("SIG{} is taken already", name, e);
        }
    }
}
