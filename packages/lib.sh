# Functions of packages/build and packages/run.
# shellcheck shell=bash disable=SC2154 # the callers set the variables

# A failure in $(...) ends the script too.
shopt -s inherit_errexit

# Time of every file in a package, in seconds since 1970: project.build.outputTimestamp of pom.xml.
epoch=$(date -u -d "$(sed -n 's:.*<project.build.outputTimestamp>\(.*\)</.*:\1:p' "$root/pom.xml")" +%s)

say() {
    printf 'package: %s\n' "$*" >&2
}

die() {
    say "$@"
    exit 1
}

# Gives everything below a folder the modes and the time that it has in a package.
normalise() {
    chmod -R u=rwX,go=rX "$1"
    find "$1" -exec touch -h -d "@$epoch" {} +
}

# Writes a folder's contents as a tar that depends on names, modes and contents alone: "archive DIR NAME...".
archive() {
    tar --sort=name --mtime="@$epoch" --owner=0 --group=0 --numeric-owner --format=gnu -C "$1" -cf - "${@:2}"
}

compress() {
    gzip -n "-$level"
}
