package io.taffrail.log.local;

import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.disk.DiskFile;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The real disk with a record of all operations, which fail as a rule decides. */
final class WatchedDisk {

    /** Decides which operations fail. */
    interface Rule {

        /**
         * Called before each operation.
         *
         * @param name
         *            name of the method
         * @param path
         *            path of the file or folder
         * @throws IOException
         *             to fail the operation
         */
        void before(String name, String path) throws IOException;
    }

    private final List<String> operations = new CopyOnWriteArrayList<>();
    private volatile Rule rule = (name, path) -> {};

    Disk disk() {
        return watch(Disk.real(), Disk.class, "");
    }

    void rule(Rule value) {
        rule = value;
    }

    /** The operations in order, as {@code name path}. */
    List<String> operations() {
        return operations;
    }

    private <T> T watch(T real, Class<T> type, String opened) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (proxy, method, args) -> {
                    String path = args != null && args[0] instanceof Path given
                            ? given.toString()
                            : opened;
                    rule.before(method.getName(), path);
                    operations.add(method.getName() + " " + path);
                    try {
                        Object result = method.invoke(real, args);
                        return result instanceof DiskFile file
                                ? watch(file, DiskFile.class, path)
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
