#!/usr/bin/env bash
# librdkafka of several ages against a running broker: the sources that npm's packages carry are built
# and take the place of the installed library under kcat and confluent-kafka for Python.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
built=$here/target/librdkafka
# npm package and the version of librdkafka in it. 1.7 and older cannot read from Kafka 4 either: they ask for
# offsets with a version of ListOffsets that KIP-896 removed.
ages=(node-rdkafka@2.14.4=1.9.2 @confluentinc/kafka-javascript@1.10.1=2.15.1)

build() {
    local package=$1 into=$2 work sources options=(--disable-ssl --disable-gssapi --disable-zstd --disable-optimization)
    work=$(mktemp -d "$WORK/librdkafka-XXXXXX") && cd "$work" || return
    npm pack --silent "$package" >/dev/null && tar xzf ./*.tgz || return
    sources=$work/package/deps/librdkafka
    cd "$sources" && chmod +x configure lds-gen.py || return
    ./configure --help | grep -q -- --disable-curl && options+=(--disable-curl)
    ./configure "${options[@]}" && make -j2 -C src librdkafka.so.1 || return
    mkdir -p "$into" && cp src/librdkafka.so.1 "$into/part" && mv "$into/part" "$into/librdkafka.so.1"
}

failures=0
for age in "${ages[@]}"; do
    version=${age##*=} library=$built/${age##*=}
    log=$WORK/librdkafka-$version.log
    if ! [ -e "$library/librdkafka.so.1" ] && ! (build "${age%=*}" "$library") >"$log" 2>&1; then
        echo "FAIL librdkafka-ages/$version cannot be built: $(tail -n 5 "$log" | tr '\n' ' ' | cut -c1-600)"
        failures=$((failures + 1))
        continue
    fi
    export LD_LIBRARY_PATH=$library
    /usr/bin/python3 -u "$here/librdkafka_age.py" "$version" || failures=$((failures + 1))
    unset LD_LIBRARY_PATH
done
[ $failures -eq 0 ]
