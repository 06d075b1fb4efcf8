import PlainText
import StreamCore
import Synchronization

/// A streaming model that ONNX Runtime runs: one thread, a call for each stream.
///
/// What Lockstep promises of its own models, this one cannot: ONNX Runtime allocates in every call, and
/// its numbers are those of its kernels on this processor.
public final class ONNXModel: StreamingModel, Sendable {
  /// What the model is fed with and what it means.
  public let signature: ONNXSignature
  /// A name for each output, `[outputSize]`.
  public let labels: [String]
  let session: ONNXSession
  let plan: ONNXPlan
  let inputNames: ONNXNames
  let outputNames: ONNXNames
  /// Of the lane's output, all frames of a call.
  let outputShape: [Int]
  /// Of a frame's input that goes to each of `plan.frames`.
  let shares: [Int]
  public let inputSize: Int
  public let outputSize: Int
  /// The file's bytes: the weights and what describes them.
  public let weightBytes: Int
  private let firstFailure = Mutex<String?>(nil)

  /// Throws where the outputs are not as many as the signature says.
  init(
    _ signature: ONNXSignature, session: ONNXSession, plan: ONNXPlan, outputShape: [Int],
    fileBytes: Int
  ) throws(FileDefect) {
    self.signature = signature
    self.session = session
    self.plan = plan
    self.outputShape = outputShape
    labels = try signature.labels(outputSize: outputShape.reduce(1, *) / plan.chunk)
    inputNames = ONNXNames(plan.inputs.map(\.name))
    outputNames = ONNXNames(plan.outputs)
    shares = plan.frames.map { $0.count / plan.chunk }
    inputSize = shares.reduce(0, +)
    outputSize = outputShape.reduce(1, *) / plan.chunk
    weightBytes = fileBytes
  }

  public var chunkSize: Int { plan.chunk }
  public var algorithmicLatency: Int { plan.chunk - 1 + plan.lookAhead }

  /// Two of every state, the frames and the outputs of a call.
  public func stateBytes(streams: Int) -> Int {
    let state = plan.states.reduce(0) {
      $0 + 2 * $1.input.count * ($1.input.element.byteCount ?? 0)
    }
    let values = plan.chunk * (inputSize + outputSize)
    return streams * (state + values * MemoryLayout<Float>.stride)
  }

  /// Streams that run one after the other.
  public func makeStreams(count: Int) -> AnyFrameProcessor {
    AnyFrameProcessor(streams: count) {
      do throws(ONNXFailure) {
        return try ONNXStream(self)
      } catch {
        // The tensors of this plan were made once already, when it was tried.
        preconditionFailure("a tensor that was made before: \(error.reason)")
      }
    }
  }

  /// Why a call failed while frames came, the first time; its outputs and all later ones are not numbers.
  public var failure: String? { firstFailure.withLock { $0 } }

  /// Keeps what a failed call said.
  func note(_ failure: ONNXFailure) {
    firstFailure.withLock { $0 = $0 ?? failure.reason }
  }
}
