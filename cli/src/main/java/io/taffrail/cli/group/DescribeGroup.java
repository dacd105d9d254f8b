package io.taffrail.cli.group;

import io.taffrail.cli.terminal.ClientOptions;
import io.taffrail.cli.terminal.Output;
import io.taffrail.cli.terminal.OutputOptions;
import io.taffrail.cli.terminal.SettingLines;
import io.taffrail.cli.terminal.Table;
import io.taffrail.kafka.client.BrokerClient;
import io.taffrail.kafka.client.GroupAdmin.Detail;
import io.taffrail.kafka.client.GroupAdmin.Member;
import io.taffrail.kafka.client.GroupAdmin.Progress;
import io.taffrail.kafka.client.PartitionRef;
import io.taffrail.net.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "describe", description = "Shows a group's members, offsets, lag and settings.")
final class DescribeGroup implements Callable<Integer> {

    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(paramLabel = "GROUP", arity = "1..*", description = "Ids of groups.")
    private List<String> groups = List.of();

    @Option(names = {"-a", "--all"}, description = "Show settings that have their default too.")
    private boolean all;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Integer call() {
        Output out = Output.standard();
        try (BrokerClient broker = client.connect()) {
            return output.each(groups, group -> {
                Detail detail = broker.groups().describe(group);
                if (output.json()) {
                    out.line(Json.write(object(detail)));
                } else {
                    text(detail, out);
                }
                out.flush();
            });
        }
    }

    private void text(Detail detail, Output out) {
        out.line("group       " + detail.group().id());
        out.line("type        " + detail.group().type());
        out.line("state       " + detail.group().state());
        if (!detail.assignor().isEmpty()) {
            out.line("assignor    " + detail.assignor());
        }
        new SettingLines(detail.settings()).print(all, out);
        Table table = new Table("TOPIC", "PARTITION", "COMMITTED", "END", "LAG", "MEMBER", "HOST");
        for (Progress progress : detail.progress()) {
            @Nullable
            Member owner = owner(detail, progress.partition());
            table.row(progress.partition().topic(), progress.partition().index(),
                    shown(progress.committed()), progress.end(), shown(progress.lag()),
                    owner == null ? "-" : owner.id(), owner == null ? "-" : owner.host());
        }
        table.print(out);
        detail.members().stream().filter(member -> member.partitions().isEmpty())
                .forEach(member -> out.line("member without partitions: " + member.id() + " "
                        + member.host()));
    }

    private static @Nullable Member owner(Detail detail, PartitionRef partition) {
        for (Member member : detail.members()) {
            if (member.partitions().contains(partition)) {
                return member;
            }
        }
        return null;
    }

    static String shown(OptionalLong offset) {
        return offset.isPresent() ? Long.toString(offset.getAsLong()) : "-";
    }

    private static Map<String, Object> object(Detail detail) {
        Map<String, Object> object = ListGroups.object(detail.group());
        object.put("assignor", detail.assignor());
        object.put("members", detail.members().stream().map(member -> {
            Map<String, Object> described = new LinkedHashMap<>();
            described.put("member", member.id());
            described.put("client", member.client());
            described.put("host", member.host());
            described.put("partitions",
                    member.partitions().stream().map(PartitionRef::toString).toList());
            return described;
        }).toList());
        object.put("offsets", detail.progress().stream().map(DescribeGroup::object).toList());
        new SettingLines(detail.settings()).put(object);
        return object;
    }

    private static Map<String, @Nullable Object> object(Progress progress) {
        Map<String, @Nullable Object> described = new LinkedHashMap<>();
        described.put("topic", progress.partition().topic());
        described.put("partition", progress.partition().index());
        described.put("committed", number(progress.committed()));
        described.put("end", progress.end());
        described.put("lag", number(progress.lag()));
        return described;
    }

    static @Nullable Long number(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }
}
