#!/usr/bin/env bash
# A Java client of every minor version against a running broker, each in a class path of its own.
# Argument: kafka or amqp. Their jars are in matrix/target/, where real-clients/run has put them.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/matrix
clients=$here/target/$1 shared=$here/target/$1-shared
case $1 in
    kafka) check=KafkaClient address=$BOOTSTRAP oldest=2.1.1 ;;
    amqp) check=AmqpClient address=$AMQP oldest=5.9.0 ;;
esac
classes=$WORK/matrix-$1
mkdir -p "$classes/runner" "$classes/check"
"$JAVA_HOME/bin/javac" -proc:none -d "$classes/runner" "$here/src/Matrix.java" || exit 2
"$JAVA_HOME/bin/javac" -proc:none -cp "$clients/$oldest/*" -d "$classes/check" "$here/src/$check.java" || exit 2
exec "$JAVA_HOME/bin/java" -Xmx1g -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow -cp "$classes/runner" Matrix "java-$1" "$check" "$address" "$classes/check" \
    "$clients" "$shared"
