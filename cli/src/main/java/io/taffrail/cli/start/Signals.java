package io.taffrail.cli.start;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signals that stop a process. A shutdown hook hears of the first one only; the JDK's
 * {@code sun.misc.Signal}, reached by reflection since the compiler warns of it, tells of each. It
 * leaves a signal ignored that was ignored when the process began, as {@code nohup} wants it.
 */
final class Signals {

    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /**
     * Has {@code handler} called with the number of each signal that comes from now on. Where that
     * cannot be had, signals do what the JVM makes of them.
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
