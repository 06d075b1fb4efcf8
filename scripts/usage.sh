# How the shell scripts are called; each sources this file first, with its own arguments. `--help` prints the
# comment at the head of the script, and the script ends there.

# usage_error SENTENCE: ends a script that was called wrongly.
usage_error() {
  echo "Error: ${0##*scripts/}: $*; --help tells how to call it" >&2
  exit 64
}

# takes MOST "$@": refuses every option, and more arguments than MOST.
takes() {
  local most=$1 argument
  shift
  for argument; do
    if [[ $argument == -* ]]; then usage_error "unknown option $argument"; fi
  done
  shift "$((most < $# ? most : $#))"
  if (($#)); then usage_error "unexpected argument $1"; fi
}

# knows "NAME|NAME" "$@": refuses every other option, before anything is set up for it.
knows() {
  local names=$1 argument
  shift
  for argument; do
    if [[ $argument == -* && ! $argument =~ ^--($names)(=|$) ]]; then
      usage_error "unknown option $argument"
    fi
  done
}

for argument; do
  if [[ $argument == --help || $argument == -h ]]; then
    awk 'NR > 1 { if (!sub(/^# ?/, "")) exit; print }' "$0"
    exit
  fi
done
