# The .deb: the stage in /usr/lib/taffrail, a service with a user of its own, and configuration in /etc.
# shellcheck shell=bash disable=SC2154 # packages/build sets the variables

make_deb() {
    local debian glibc tree=$work/deb version_of_debian=${version/-SNAPSHOT/\~snapshot}
    command -v dpkg-deb >/dev/null || die "dpkg-deb is missing (package dpkg): taffrail package tar image"
    debian=$(dpkg --print-architecture)
    rm -rf "$tree"
    mkdir -p "$tree"/{DEBIAN,etc/taffrail,etc/default,usr/{bin,lib/taffrail,lib/systemd/system},usr/share/doc/taffrail}
    mkdir -p "$tree"/usr/share/{man/man1,bash-completion,lintian/overrides}
    # Links instead of copies: the modes and times are the same.
    cp -rl "$stage"/{bin,lib,runtime} "$tree/usr/lib/taffrail/"
    cp -r "$stage/share/bash-completion/completions" "$tree/usr/share/bash-completion/"
    gzip -9 -n -c "$stage/share/man/man1/taffrail.1" >"$tree/usr/share/man/man1/taffrail.1.gz"
    cp -r "$stage"/{docs,licences,NOTICE,README.md} "$tree/usr/share/doc/taffrail/"
    {
        cat "$here/debian/copyright"
        sed 's/^$/./; s/^/ /' "$stage/NOTICE"
    } >"$tree/usr/share/doc/taffrail/copyright"
    printf 'taffrail (%s) unstable; urgency=medium\n\n  * Made from the sources of %s.\n\n -- Taffrail <taffrail@localhost>  %s\n' \
        "$version_of_debian" "$version" "$(date -u -R -d "@$epoch")" | gzip -9 -n >"$tree/usr/share/doc/taffrail/changelog.gz"
    cp "$here/debian/taffrail" "$tree/usr/bin/taffrail"
    cp "$here/debian/taffrail.service" "$tree/usr/lib/systemd/system/"
    cp "$here/debian/default" "$tree/etc/default/taffrail"
    cp "$stage/taffrail.properties" "$tree/etc/taffrail/"
    cp "$here/debian/lintian-overrides" "$tree/usr/share/lintian/overrides/taffrail"
    cp "$here"/debian/{conffiles,postinst,prerm,postrm} "$tree/DEBIAN/"
    # The newest version of the C library that the runtime refers to.
    glibc=$(find "$stage/runtime" -name '*.so' -exec grep -ahoE 'GLIBC_2\.[0-9]+' {} + | sort -Vu | tail -n 1)
    sed -e "s/@VERSION@/$version_of_debian/; s/@ARCHITECTURE@/$debian/; s/@GLIBC@/${glibc#GLIBC_}/" \
        -e "s/@SIZE@/$(du -k -s --apparent-size --exclude=DEBIAN "$tree" | cut -f 1)/" "$here/debian/control" >"$tree/DEBIAN/control"
    normalise "$tree"
    chmod 0600 "$tree/etc/taffrail/taffrail.properties"
    (cd "$tree" && find usr -type f -exec md5sum {} + | sort -k 2) >"$tree/DEBIAN/md5sums"
    normalise "$tree/DEBIAN"
    local file=$output/taffrail_${version_of_debian}_$debian.deb
    SOURCE_DATE_EPOCH=$epoch dpkg-deb --root-owner-group -Zgzip "-z$level" --build "$tree" "$file" >&2
    rm -rf "$tree"
    echo "$file"
}
