# The container image: an OCI image layout in a tar, which "docker load" also reads. No daemon, and no base image: the
# C library, what else the runtime links, and a shell for the launcher come from this machine, with their licences.
# shellcheck shell=bash disable=SC2154 # packages/build sets the variables

image_user=10001
layers=()
diff_ids=()

# Prints the shared libraries of the system that the runtime, the libraries in the jars and the shell are linked with.
needed_libraries() {
    local natives=$work/natives jar file libc
    rm -rf "$natives"
    mkdir -p "$natives"
    for jar in "$stage"/lib/{netty-transport-native,lz4-java,snappy-java,zstd-jni}*.jar; do
        (cd "$natives" && "$jdk/bin/jar" xf "$jar")
    done
    {
        find "$stage/runtime" -name '*.so'
        find "$natives" -ipath "*linux*" -name '*.so' \( -path "*$machine*" -o -path "*$(dpkg --print-architecture)*" \)
        echo "$stage/runtime/bin/java"
        readlink -f /bin/sh
    } | while read -r file; do
        ldd "$file" 2>/dev/null | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p; s/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p'
    done | grep -v "^$stage/" | sort -u
    # Before glibc 2.34 these are loaded by name; they lie beside the C library.
    libc=$(ldd "$stage/runtime/bin/java" | sed -n 's/.*=> \(\/[^ ]*\/libc\.[^ ]*\) .*/\1/p')
    find "$(dirname "$libc")" -maxdepth 1 \( -name 'libnss_files.so.2' -o -name 'libnss_dns.so.2' -o -name 'libresolv.so.2' \)
    rm -rf "$natives"
}

# Prints the package that a file came from; dpkg may know it without /usr.
package_of() {
    local path
    for path in "$1" "$(readlink -f "$1")" "${1#/usr}" "/usr$1"; do
        if dpkg -S "$path" 2>/dev/null | sed -n '1s/:.*//p' | grep .; then
            return
        fi
    done
    die "no package owns $1: its licence is not known"
}

make_base() {
    local base=$1 library package shell
    mkdir -p "$base"/{etc,proc,sys,dev,usr/bin,usr/lib,usr/lib64,usr/share/doc}
    ln -s usr/bin "$base/bin"
    ln -s usr/lib "$base/lib"
    ln -s usr/lib64 "$base/lib64"
    shell=$(readlink -f /bin/sh)
    cp "$shell" "$base/usr/bin/sh"
    {
        package_of "$shell"
        needed_libraries | while read -r library; do
            # Each library by the name that others know it by, below /usr.
            mkdir -p "$base/usr/$(dirname "${library#/usr}")"
            cp -L "$library" "$base/usr/${library#/usr}"
            package_of "$library"
        done
    } | sort -u | while read -r package; do
        mkdir -p "$base/usr/share/doc/$package"
        cp -L "/usr/share/doc/$package/copyright" "$base/usr/share/doc/$package/"
        dpkg-query -W -f '${binary:Package} ${Version}, source ${source:Package} ${source:Version}\n' "$package" \
            >"$base/usr/share/doc/$package/version"
    done
    printf 'root:x:0:0:root:/:/bin/sh\ntaffrail:x:%d:%d:Taffrail:/var/lib/taffrail:/bin/sh\n' $image_user $image_user >"$base/etc/passwd"
    printf 'root:x:0:\ntaffrail:x:%d:\n' $image_user >"$base/etc/group"
    echo 'hosts: files dns' >"$base/etc/nsswitch.conf"
    normalise "$base"
    mkdir -m 1777 "$base/tmp"
}

# Stores a file as a blob and prints its digest.
blob() {
    local digest
    digest=$(sha256sum "$1" | cut -c 1-64)
    mv "$1" "$layout/blobs/sha256/$digest"
    echo "$digest"
}

# Adds a layer from a tar: its digest compressed for the manifest, and not compressed for the configuration.
layer() {
    local digest size
    diff_ids+=("\"sha256:$(sha256sum "$1" | cut -c 1-64)\"")
    compress <"$1" >"$1.gz"
    rm "$1"
    size=$(stat -c %s "$1.gz")
    digest=$(blob "$1.gz")
    layers+=("$digest $size")
}

joined() {
    local IFS=,
    echo "$*"
}

make_image() {
    local layout=$work/layout tree=$work/layer architecture digest size config created part list=() names=()
    command -v dpkg-query >/dev/null || die "the image takes the C library from a Debian or Ubuntu machine: taffrail package tar"
    architecture=$(dpkg --print-architecture)
    created=$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)
    rm -rf "$layout" "$tree"
    mkdir -p "$layout/blobs/sha256" "$tree/app/opt/taffrail/lib" "$tree/libraries/opt/taffrail/lib"

    # From what seldom changes to what changes with each build.
    make_base "$tree/base"
    archive "$tree/base" . >"$work/layer.tar"
    layer "$work/layer.tar"
    mkdir -p "$tree/runtime/opt/taffrail" "$tree/data/var/lib/taffrail"
    cp -rl "$stage/runtime" "$tree/runtime/opt/taffrail/"
    cp -l "$stage"/lib/*.jar "$tree/libraries/opt/taffrail/lib/"
    mv "$tree/libraries/opt/taffrail/lib"/{taffrail,*-"$version"}.jar "$tree/app/opt/taffrail/lib/"
    cp -rl "$stage"/{licences,LICENSE,NOTICE} "$tree/libraries/opt/taffrail/"
    cp -rl "$stage/bin" "$tree/app/opt/taffrail/"
    cp -l "$stage"/lib/{jvm.sh,taffrail.aot} "$tree/app/opt/taffrail/lib/"
    for part in runtime libraries app; do
        normalise "$tree/$part"
        archive "$tree/$part" opt >"$work/layer.tar"
        layer "$work/layer.tar"
    done
    chmod 0700 "$tree/data/var/lib/taffrail"
    archive "$tree/data" --no-recursion var var/lib >"$work/layer.tar"
    tar --append --mtime="@$epoch" --owner=$image_user --group=$image_user --numeric-owner --format=gnu \
        -C "$tree/data" -f "$work/layer.tar" var/lib/taffrail
    layer "$work/layer.tar"

    cat >"$work/config.json" <<END
{"created":"$created","architecture":"$architecture","os":"linux",
"config":{"User":"$image_user:$image_user","WorkingDir":"/","StopSignal":"SIGTERM",
"Entrypoint":["/opt/taffrail/bin/taffrail"],"Cmd":["start"],
"Env":["PATH=/opt/taffrail/bin:/usr/bin","LANG=C.UTF-8","TAFFRAIL_DATA_DIR=/var/lib/taffrail",
"TAFFRAIL_KAFKA_LISTENER=0.0.0.0:9092","TAFFRAIL_AMQP_LISTENER=0.0.0.0:5672","TAFFRAIL_HTTP_LISTENER=0.0.0.0:15672"],
"ExposedPorts":{"5672/tcp":{},"9092/tcp":{},"15672/tcp":{}},"Volumes":{"/var/lib/taffrail":{}},
"Labels":{"org.opencontainers.image.title":"Taffrail","org.opencontainers.image.version":"$version",
"org.opencontainers.image.licenses":"Apache-2.0",
"org.opencontainers.image.description":"Message broker for Kafka and RabbitMQ clients"}},
"rootfs":{"type":"layers","diff_ids":[$(joined "${diff_ids[@]}")]}}
END
    size=$(stat -c %s "$work/config.json")
    config=$(blob "$work/config.json")
    for part in "${layers[@]}"; do
        list+=("{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",\"digest\":\"sha256:${part% *}\",\"size\":${part#* }}")
        names+=("\"blobs/sha256/${part% *}\"")
    done
    printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",%s,"layers":[%s]}' \
        "\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\"sha256:$config\",\"size\":$size}" \
        "$(joined "${list[@]}")" >"$work/manifest.json"
    size=$(stat -c %s "$work/manifest.json")
    digest=$(blob "$work/manifest.json")
    printf '{"imageLayoutVersion":"1.0.0"}' >"$layout/oci-layout"
    printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{%s,%s,%s,%s}]}' \
        "\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"sha256:$digest\",\"size\":$size" \
        "\"platform\":{\"architecture\":\"$architecture\",\"os\":\"linux\"}" \
        "\"annotations\":{\"org.opencontainers.image.ref.name\":\"$version\"" \
        "\"io.containerd.image.name\":\"docker.io/library/taffrail:$version\"}" >"$layout/index.json"
    # For docker load before version 25, and podman load.
    printf '[{"Config":"blobs/sha256/%s","RepoTags":["taffrail:%s"],"Layers":[%s]}]' \
        "$config" "$version" "$(joined "${names[@]}")" >"$layout/manifest.json"
    normalise "$layout"
    archive "$layout" oci-layout index.json manifest.json blobs >"$output/$name-image.tar"
    rm -rf "$layout" "$tree"
    echo "$output/$name-image.tar"
}
