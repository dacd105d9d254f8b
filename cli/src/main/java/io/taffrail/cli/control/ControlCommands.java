package io.taffrail.cli.control;

import io.taffrail.broker.Broker;
import io.taffrail.broker.BrokerException;
import io.taffrail.cli.config.Config;
import io.taffrail.log.local.LocalLogEngine;
import io.taffrail.net.ClientConnections;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Dispatches each request to the handler of its command: {@code {"command":"vhost create", …}}. */
public final class ControlCommands implements ControlSocket.Handler {

    private final Map<String, ControlSocket.Handler> byCommand;

    /**
     * Creates the commands of a broker.
     *
     * @param heads
     *            the heads by the name of their protocol
     * @param config
     *            the configuration that the broker was started with
     * @param status
     *            returns the broker's status report
     */
    public ControlCommands(LocalLogEngine engine, Broker broker,
            Map<String, ClientConnections> heads, Config config,
            Supplier<Map<String, Object>> status) {
        ConnectionRequests connections = new ConnectionRequests(heads);
        PolicyRequests policies = new PolicyRequests(broker.virtualHosts());
        DelayedRequests delayed = new DelayedRequests(broker.virtualHosts());
        VhostRequests hosts = new VhostRequests(broker.virtualHosts());
        UserRequests users = new UserRequests(broker);
        QueueRequests queues = new QueueRequests(broker.virtualHosts());
        TopologyRequests topology = new TopologyRequests(broker.virtualHosts());
        MessageRequests messages = new MessageRequests(broker.virtualHosts());
        LoadRequests load = new LoadRequests(broker);
        byCommand = Map.ofEntries(
                Map.entry("status", (request, answer) -> answer.accept(status.get())),
                Map.entry("config list", (request, answer) -> config.inForce()
                        .forEach(setting -> answer.accept(object(setting)))),
                Map.entry("scrub", new ScrubHandler(engine)),
                Map.entry("log cleaner", new CleanerHandler(broker)),
                Map.entry("log reopen", (request, answer) -> reopen(broker, request, answer)),
                Map.entry("policy create", policies::set),
                Map.entry("policy delete", policies::clear),
                Map.entry("policy list", policies::list),
                Map.entry("connection list", connections::list),
                Map.entry("connection delete", connections::close),
                Map.entry("queue create", topology::createQueue),
                Map.entry("binding create", topology::bind),
                Map.entry("binding delete", topology::unbind),
                Map.entry("queue publish", messages::publish),
                Map.entry("queue get", messages::get),
                Map.entry("exchange create", topology::createExchange),
                Map.entry("exchange delete", topology::deleteExchange),
                Map.entry("load list", load::list),
                Map.entry("queue list", queues::list),
                Map.entry("queue purge", queues::purge),
                Map.entry("queue delete", queues::delete),
                Map.entry("queue reopen", queues::reopen),
                Map.entry("exchange list", queues::exchanges),
                Map.entry("binding list", queues::bindings),
                Map.entry("delayed list", delayed::list),
                Map.entry("delayed delete", delayed::cancel),
                Map.entry("vhost create", hosts::add),
                Map.entry("vhost delete", hosts::delete),
                Map.entry("vhost list", hosts::list),
                Map.entry("user create", users::add),
                Map.entry("user delete", users::delete),
                Map.entry("user list", users::list),
                Map.entry("user set-password", users::setPassword),
                Map.entry("user set-permissions", users::setPermissions),
                Map.entry("user clear-permissions", users::clearPermissions));
    }

    private static Map<String, Object> object(Config.InForce setting) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", setting.name());
        object.put("value", setting.value());
        object.put("origin", setting.origin());
        object.put("set", setting.isSet());
        return object;
    }

    private static void reopen(Broker broker, Map<?, ?> request,
            Consumer<Map<String, ?>> answer) {
        ControlFields fields = new ControlFields(request);
        String name = fields.text("name");
        boolean opened = broker.reopening().reopen(fields.text("vhost", "/"), name).join();
        answer.accept(Map.of("name", name, "reopened", opened));
    }

    @Override
    public void handle(Map<?, ?> request, Consumer<Map<String, ?>> answer) throws IOException {
        Object command = request.get("command");
        ControlSocket.Handler handler = byCommand.get(String.valueOf(command));
        if (handler == null) {
            throw new IllegalArgumentException("unknown command " + command);
        }
        try {
            handler.handle(request, answer);
        } catch (BrokerException e) {
            throw RequestException.of(e);
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case BrokerException refusal -> throw RequestException.of(refusal);
                case RequestException refusal -> throw refusal;
                case null, default -> throw e;
            }
        }
    }
}
