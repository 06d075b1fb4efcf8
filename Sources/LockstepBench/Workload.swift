import ModelFiles
import StreamCore

/// Something measured: a call in one precision, and what it cannot do without.
struct Workload {
  /// As docs/benchmarks.md names it: `L1`, `T1c4`, `T1c4+kv=bf16`, `L2x64`, `lane speech-lstm`.
  let name: String
  let precision: Precision
  /// Nil where no keys and values are kept.
  let kvPrecision: KVPrecision?
  let framesPerCall: Int
  let streams: Int
  let demand: CallDemand
  let makeCall: () -> any TimedCall

  /// The name without the precision of keys and values, which `--workload` also takes.
  var row: String { String(name.prefix { $0 != "+" }) }
}
