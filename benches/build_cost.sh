#!/usr/bin/env bash
# What the attribute costs whoever builds with it: checks, clean release builds, the size of the binary.
#
# benches/build_cost.sh [ROUNDS]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
rounds=${1:-5}
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
export CARGO_TERM_COLOR=never CARGO_TARGET_DIR="$folder/target"

# crate NAME DEPENDENCIES: an empty crate with the versions of this workspace.
crate() {
    mkdir -p "$folder/$1/src"
    cp "$root/Cargo.lock" "$folder/$1/"
    printf '[package]\nname = "%s"\nedition = "2024"\n[workspace]\n[profile.release]\nstrip = true\n[dependencies]\nactix-web = "4"\n%s\n' "$1" "$2" >"$folder/$1/Cargo.toml"
}
# handlers COUNT [ATTRIBUTE]: an app with so many handlers.
handlers() {
    echo 'use actix_web::{App, HttpServer, get, web};'
    for i in $(seq "$1"); do
        printf '%s#[get("/h%d")] async fn h%d(path: web::Path<()>) -> String { format!("{path:?}") }\n' "${2:-}" "$i" "$i"
    done
    echo 'fn configure(app: &mut web::ServiceConfig) {'
    for i in $(seq "$1"); do echo "app.service(h$i);"; done
    echo '}'
    printf '#[actix_web::main]\nasync fn main() -> std::io::Result<()> {\n    HttpServer::new(|| App::new().configure(configure)).bind(("127.0.0.1", 0))?.run().await\n}\n'
}
# interleaved COMMAND NAME…: runs `COMMAND NAME` for each name in turn, and again in each round, and keeps the milliseconds of processor time. Other programs disturb it less than wall time, and what drifts hits all alike.
interleaved() {
    local command=$1 TIMEFORMAT='%U %S' name
    shift
    rm -f "$folder"/times.*
    for _ in $(seq "$rounds"); do
        for name in "$@"; do
            { time "$command" "$name" >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }; } 2>&1 | awk '{ printf "%d\n", ($1 + $2) * 1000 }' >>"$folder/times.$name"
        done
    done
}
# spread NAME DIVISOR: the least and the most. What disturbs a run only adds to it.
spread() { sort -n "$folder/times.$1" | awk -v d="$2" '{ all[NR] = $1 / d } END { printf "%s (–%s)", all[1], all[NR] }' OFMT=%.1f CONVFMT=%.1f; }
# ratio NAME OTHER: of the least.
ratio() { sort -n "$folder/times.$1" | paste - <(sort -n "$folder/times.$2") | awk 'NR == 1 { printf "%.2f", $1 / $2 }'; }
attribute='#[cors_runtime::cors(origins = ["https://app.example.com", "https://*.example.org"], credentials, allow_headers = ["content-type"], max_age = 600)] '

check() { # the crate alone: its dependencies are there
    touch "$folder/$1/src/main.rs"
    cargo check --quiet --manifest-path "$folder/$1/Cargo.toml"
}
echo "processor time: the least of $rounds rounds (–the most)"
echo
echo "| cargo check of one crate | plain, ms | annotated, ms | ratio |"
echo "|---|---|---|---|"
crate plain ""
crate annotated "cors-runtime.path = '$root/cors-runtime'"
for incremental in 1 0; do
    export CARGO_INCREMENTAL=$incremental
    for count in 1 500; do
        handlers "$count" >"$folder/plain/src/main.rs"
        handlers "$count" "$attribute" >"$folder/annotated/src/main.rs"
        check plain && check annotated
        interleaved check plain annotated
        kind="touched" && [ "$incremental" = 1 ] || kind="from scratch"
        echo "| handlers: $count, $kind | $(spread plain 1) | $(spread annotated 1) | $(ratio annotated plain) |"
    done
done
unset CARGO_INCREMENTAL

literals=()
for count in 1 1000 10000; do
    name=literals_$count && literals+=("$name")
    crate "$name" "cors-runtime.path = '$root/cors-runtime'"
    {
        echo '#[cors_runtime::cors(credentials, origins = ['
        for i in $(seq "$count"); do echo "\"https://tenant-$i.example\","; done
        echo '])] #[actix_web::get("/")] async fn h() -> &'\''static str { "" }'
        echo 'fn main() { actix_web::App::new().service(h); }'
    } >"$folder/$name/src/main.rs"
    check "$name"
done
interleaved check "${literals[@]}"
for name in "${literals[@]}"; do
    echo "| origins in one attribute: ${name#literals_}, touched | – | $(spread "$name" 1) | – |"
done

echo
echo "| clean release build of an app with 10 handlers | processor time, s | against plain | binary, bytes | more than plain |"
echo "|---|---|---|---|---|"
build() {
    rm -rf "$CARGO_TARGET_DIR"
    cargo build --quiet --release --manifest-path "$folder/$1/Cargo.toml"
    stat -c %s "$CARGO_TARGET_DIR/release/$1" >"$folder/size.$1"
}
crate actix_cors 'actix-cors = "0.7"'
handlers 10 | sed 's/App::new()/App::new().wrap(actix_cors::Cors::default().allowed_origin("https:\/\/app.example.com").allowed_header("content-type").supports_credentials().max_age(600))/' >"$folder/actix_cors/src/main.rs"
handlers 10 >"$folder/plain/src/main.rs"
handlers 10 "$attribute" >"$folder/annotated/src/main.rs"
interleaved build plain annotated actix_cors
for name in plain annotated actix_cors; do
    size=$(cat "$folder/size.$name")
    echo "| $name | $(spread "$name" 1000) | $(ratio "$name" plain) | $size | $((size - $(cat "$folder/size.plain"))) |"
done
