# What scripts/train/speech and scripts/train/activity have in common; sourced by them.
cache=${LOCKSTEP_TRAIN_CACHE:-$here/../.cache/train}
nice=(nice -n 15)
export PYTHONPATH=$here/../reference
# One thread a model, so that both train side by side on two cores and a seed gives the same weights.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1
# glibc gives large blocks back to the system at once, which costs a third of the training time.
export MALLOC_MMAP_THRESHOLD_=4294967296 MALLOC_TRIM_THRESHOLD_=8589934592 MALLOC_TOP_PAD_=268435456

# Installs those of the named Debian packages that are missing.
install_packages() {
  local package missing=()
  for package; do
    dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  if ((EUID)); then
    echo "Error: missing packages, install them first: apt-get install ${missing[*]}" >&2
    exit 69
  fi
  apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >&2
}

# Runs the given function for both architectures side by side; fails if one of them does.
both_models() {
  local first second failed=0
  set -m # a process group each, so that an interruption ends all of both
  "$1" lstm &
  first=$!
  "$1" transformer &
  second=$!
  set +m
  trap 'kill -- "-$first" "-$second" 2>/dev/null' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  wait "$first" || failed=1
  wait "$second" || failed=1
  trap - EXIT INT TERM
  return "$failed"
}
