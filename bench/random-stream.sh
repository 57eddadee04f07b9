#!/usr/bin/env bash
# One part of the battery over one stream of random numbers as this machine's device draws them.
#
# usage: bench/random-stream.sh CONTENT ORDER first|second|short [SEED]     (contents and orders: bench/random-stream.ts)
# needs dieharder (Debian: apt-get install dieharder). Left out: the tests that dieharder itself calls suspect or unusable
# (5, 6, 7, 14), and longer lags of its lagged sums, which would take 200 GB per stream.
set -euo pipefail
cd "$(dirname "$0")/.."

run() {
  dieharder -g 200 -D test_name -D ntuple -D tsamples -D psamples -D pvalues -D assessment "$@"
}

battery() {
  case $1 in
    first)
      for test in 0 1 2 3 4 8 9 10 11 12 13 15 16 100 101; do run -d $test; done
      run -d 102 -n 16
      for n in 2 3 4 5; do run -d 201 -n $n; run -d 202 -n $n; done
      for test in 204 205 206 207 208; do run -d $test; done
      run -d 209 -n 12
      ;;
    second)
      for n in 1 2 3 4 6 8 12; do run -d 200 -n $n; done
      for lag in 0 1 2 3; do run -d 203 -n $lag; done
      run -d 17 -p 20
      ;;
    short)
      for test in 0 2 8 9 15 100 101; do run -d $test; done
      run -d 102 -n 8
      run -d 205
      ;;
  esac
}

[ -e dist/random-stream/random-stream.js ] ||
  npx vite build --logLevel warn --ssr bench/random-stream.ts --outDir dist/random-stream
node dist/random-stream/random-stream.js "$1" "$2" "${4:-1}" | battery "$3"
