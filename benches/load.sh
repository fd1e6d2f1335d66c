#!/usr/bin/env bash
# A load by a real client, wrk, on the four servers in turn, over loopback: throughput and latency against the plain server.
#
# benches/load.sh [SECONDS_PER_RUN] [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-5} rounds=${2:-3}
command -v wrk >/dev/null || { echo "There is no wrk on this machine (in Debian: apt-get install wrk)."; exit 0; }

cargo build --quiet --release --benches
binary=$(cargo bench --no-run --bench server 2>&1 | sed -n 's/.*(\(.*server-[0-9a-f]*\))$/\1/p')
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -r "$folder"' EXIT
cat >"$folder/put.lua" <<'LUA'
wrk.method = "PUT"
done = function(summary, latency, requests)
  io.write(string.format("RESULT %.0f %.0f %.0f %.0f %d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50), latency:percentile(90), latency:percentile(99), summary.errors.status + summary.errors.timeout))
end
LUA

# Round by round, so that what else the machine does falls on all of them.
for _ in $(seq "$rounds"); do
    for name in plain by-hand ours actix-cors; do
        "$binary" "$name" >"$folder/port" &
        server=$!
        for _ in $(seq 100); do [ -s "$folder/port" ] && break; sleep 0.05; done
        url="http://127.0.0.1:$(cat "$folder/port")/me"
        for kind in none allowed refused; do
            case $kind in
                none) origin=() ;;
                allowed) origin=(-H 'Origin: https://app.example.com') ;;
                refused) origin=(-H 'Origin: https://evil.example.com') ;;
            esac
            result=$(wrk -t1 -c16 -d"${seconds}s" -s "$folder/put.lua" "${origin[@]}" "$url" | sed -n 's/^RESULT //p')
            echo "$kind $name $result" >>"$folder/results"
        done
        kill "$server"
        wait "$server" 2>/dev/null || true
        server=
    done
done

# The median of each figure, as a ratio to that of the plain server.
python3 - "$folder/results" <<'PYTHON'
import statistics, sys
runs = {}
for line in open(sys.argv[1]):
    kind, name, *figures = line.split()
    runs.setdefault((kind, name), []).append([float(figure) for figure in figures])
median = {key: [statistics.median(column) for column in zip(*rows)] for key, rows in runs.items()}
print("| request | server | requests/s | against plain | 50 % | 90 % | 99 % | errors |")
print("|---|---|---|---|---|---|---|---|")
for (kind, name), (rate, p50, p90, p99, errors) in median.items():
    base = median[kind, "plain"]
    ratios = [f"{a / b:.2f}" for a, b in zip((p50, p90, p99), base[1:4])]
    print(f"| {kind} | {name} | {rate:.0f} | {rate / base[0]:.2f} | {' | '.join(ratios)} | {errors:.0f} |")
PYTHON
