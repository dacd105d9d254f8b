# The .tar.gz: the stage as it is.
# shellcheck shell=bash disable=SC2154 # packages/build sets the variables

make_tar() {
    archive "$work" "$name" | compress >"$output/$name.tar.gz"
    echo "$output/$name.tar.gz"
}
