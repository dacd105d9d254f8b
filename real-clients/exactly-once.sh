#!/usr/bin/env bash
# Kafka Streams or Kafka Connect while the broker and they are killed. Argument: streams or connect.
# The suite starts a broker of its own. Jars are in exactly-once/target/lib, where real-clients/run has put them.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/exactly-once
case $1 in
    streams) suite=StreamsSuite ;;
    connect) suite=ConnectSuite ;;
esac
classes=$WORK/exactly-once-$1
mkdir -p "$classes"
"$JAVA_HOME/bin/javac" -proc:none -Xlint:all,-processing,-classfile,-serial -cp "$here/target/lib/*" -d "$classes" \
    "$here"/src/*.java || exit 2
exec "$JAVA_HOME/bin/java" -Xmx256m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow "-Dlog4j2.configurationFile=$KAFKA_LOG4J" \
    -cp "$classes:$here/target/lib/*" "$suite" "$WORK/$1" "$KILLS" ${GUARANTEE:+"$GUARANTEE"}
