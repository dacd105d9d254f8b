package io.taffrail.http.console;

import io.taffrail.broker.Broker;
import io.taffrail.broker.group.ReaderGroups;
import io.taffrail.http.session.Sessions;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * The parts of the broker that the console's requests work on.
 *
 * @param connections
 *            number of connections of clients
 * @param status
 *            the report of {@code taffrail status}
 * @param settings
 *            the settings in force, each with name, value and origin
 */
public record ConsoleContext(Broker broker, ReaderGroups groups, Sessions sessions,
        IntSupplier connections,
        Supplier<Map<String, Object>> status, Supplier<List<Map<String, Object>>> settings) {}
