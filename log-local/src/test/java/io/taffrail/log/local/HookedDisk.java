package io.taffrail.log.local;

import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.disk.DiskFile;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;

/** The real disk with a hook before each operation on an open file. */
final class HookedDisk {

    /** A hook that may fail, block or record the operation. */
    interface Hook {

        /**
         * Called before an operation.
         *
         * @param operation
         *            name of the method of {@link DiskFile}
         */
        void before(String operation, String path, Object[] arguments, DiskFile file)
                throws IOException;
    }

    private HookedDisk() {}

    static Disk of(Hook hook) {
        return Disk.class.cast(Proxy.newProxyInstance(Disk.class.getClassLoader(),
                new Class<?>[]{Disk.class}, (proxy, method, arguments) -> {
                    Object result = invoke(Disk.real(), method, arguments);
                    return result instanceof DiskFile file && arguments[0] instanceof Path path
                            ? file(file, path.toString(), hook)
                            : result;
                }));
    }

    private static DiskFile file(DiskFile real, String path, Hook hook) {
        return DiskFile.class.cast(Proxy.newProxyInstance(DiskFile.class.getClassLoader(),
                new Class<?>[]{DiskFile.class}, (proxy, method, arguments) -> {
                    hook.before(method.getName(), path,
                            arguments == null ? new Object[0] : arguments, real);
                    return invoke(real, method, arguments);
                }));
    }

    private static Object invoke(Object real, java.lang.reflect.Method method, Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
