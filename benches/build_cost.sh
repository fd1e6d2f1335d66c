#!/usr/bin/env bash
# What the attribute costs whoever builds with it: time to check, time of a clean release build, size of the binary.
#
# benches/build_cost.sh [ROUNDS]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
rounds=${1:-3}
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
# median COMMAND…: the median of the seconds that it takes.
median() {
    for _ in $(seq "$rounds"); do
        before=$(date +%s%N)
        "$@" >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
        echo $((($(date +%s%N) - before) / 1000000))
    done | sort -n | sed -n "$(((rounds + 1) / 2))p"
}
# processor COMMAND…: the median of the milliseconds of processor time that it takes, which other programs disturb least.
processor() {
    local TIMEFORMAT='%U %S'
    for _ in $(seq "$rounds"); do
        { time "$@" >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }; } 2>&1 | awk '{ printf "%d\n", ($1 + $2) * 1000 }'
    done | sort -n | sed -n "$(((rounds + 1) / 2))p"
}
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
attribute='#[cors_runtime::cors(origins = ["https://app.example.com", "https://*.example.org"], credentials, allow_headers = ["content-type"], max_age = 600)] '

check() { # the crate alone: its dependencies are there
    touch "$folder/$1/src/main.rs"
    cargo check --quiet --manifest-path "$folder/$1/Cargo.toml"
}
echo "| cargo check of one crate | plain, ms | annotated, ms | ratio |"
echo "|---|---|---|---|"
for count in 1 500; do
    crate plain "" && handlers "$count" >"$folder/plain/src/main.rs"
    crate annotated "cors-runtime.path = '$root/cors-runtime'" && handlers "$count" "$attribute" >"$folder/annotated/src/main.rs"
    check plain && check annotated
    plain=$(median check plain) annotated=$(median check annotated)
    echo "| $count handlers | $plain | $annotated | $(ratio "$annotated" "$plain") |"
done

crate literals "cors-runtime.path = '$root/cors-runtime'"
for count in 1 1000 10000; do
    {
        echo '#[cors_runtime::cors(credentials, origins = ['
        for i in $(seq "$count"); do echo "\"https://tenant-$i.example\","; done
        echo '])] #[actix_web::get("/")] async fn h() -> &'\''static str { "" }'
        echo 'fn main() { actix_web::App::new().service(h); }'
    } >"$folder/literals/src/main.rs"
    check literals
    echo "| one attribute with $count origins | – | $(median check literals) | – |"
done

echo
echo "| clean release build of an app | processor time, s | against plain | binary, bytes | more than plain |"
echo "|---|---|---|---|---|"
build() {
    rm -rf "$CARGO_TARGET_DIR"
    cargo build --quiet --release --manifest-path "$folder/$1/Cargo.toml"
}
crate actix_cors 'actix-cors = "0.7"'
handlers 10 | sed 's/App::new()/App::new().wrap(actix_cors::Cors::default().allowed_origin("https:\/\/app.example.com").allowed_header("content-type").supports_credentials().max_age(600))/' >"$folder/actix_cors/src/main.rs"
handlers 10 >"$folder/plain/src/main.rs"
handlers 10 "$attribute" >"$folder/annotated/src/main.rs"
for name in plain annotated actix_cors; do
    took=$(processor build "$name")
    size=$(stat -c %s "$CARGO_TARGET_DIR/release/$name")
    if [ "$name" = plain ]; then plain_took=$took plain_size=$size; fi
    echo "| $name, 10 handlers | $(ratio "$took" 1000) | $(ratio "$took" "$plain_took") | $size | $((size - plain_size)) |"
done
