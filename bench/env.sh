# shellcheck shell=bash
# Sourced by bench/run, real-clients/run and verify/power-cuts.
# Sets JAVA_HOME to a JDK 25 and puts Kafka's jars into bench/target/lib.

bench_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

is_jdk25() {
    [ -x "$1/bin/javac" ] && [[ $("$1/bin/javac" -version 2>&1) =~ ^javac\ (2[5-9]|[3-9][0-9]) ]]
}

use_jdk25() {
    local candidate
    for candidate in "${JAVA_HOME:-}" "$(readlink -f "$(command -v javac)" 2>/dev/null | sed 's|/bin/javac$||')" \
        /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if is_jdk25 "$candidate"; then
            export JAVA_HOME=$candidate
            return
        fi
    done
    echo "no JDK 25 found: set JAVA_HOME to one" >&2
    return 1
}

build_bench() {
    local stamp=$bench_dir/target/built
    if [ -e "$stamp" ] && [ -z "$(find "$bench_dir/src/main" "$bench_dir/pom.xml" -newer "$stamp" -print -quit)" ]; then
        return
    fi
    echo "building the benchmark" >&2
    # On JDK 25, Maven 3.8 prints warnings about its own libraries.
    MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow" mvn -q -B -f "$bench_dir/pom.xml" process-classes >&2
    touch "$stamp"
}

# Puts RabbitMQ's PerfTest into bench/target/perf-test.
fetch_perf_test() {
    if ! [ -d "$bench_dir/target/perf-test" ]; then
        mvn -q -B -f "$bench_dir/perf-test/pom.xml" process-classes >&2
    fi
}
