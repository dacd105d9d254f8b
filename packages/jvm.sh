# JVM options of every taffrail command, read by ./taffrail and by the packaged launcher. The ahead-of-time cache
# is made with the same options, and is not used with others.
# shellcheck shell=sh disable=SC2034 # the launchers use the variables

gc=-XX:+UseSerialGC
case " ${TAFFRAIL_OPTS:-}" in *' -XX:+Use'*GC*) gc= ;; esac
# The second compiler has profiles from the cache; what it may take of the cores at first is kept low (docs/adr/0013).
tiers="-XX:Tier4InvocationThreshold=25000 -XX:Tier4MinInvocationThreshold=3000 -XX:Tier4CompileThreshold=75000 \
-XX:Tier4BackEdgeThreshold=200000"
flags="$gc $tiers -XX:+UseCompactObjectHeaders -XX:-UsePerfData --enable-native-access=ALL-UNNAMED \
--sun-misc-unsafe-memory-access=allow -Xlog:disable -Xlog:all=error:stderr"
memory="-Xms32m -Xmx512m -XX:MaxDirectMemorySize=512m"
# A broker without memory ends at once (exit code 3) instead of going on half alive; what the JVM says is no output.
ends=
[ "${1:-}" != start ] || ends='-XX:+ExitOnOutOfMemoryError -XX:+DisplayVMOutputToStderr'
