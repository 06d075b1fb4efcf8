import Experiments
import Foundation
import LaneRunner
import LatencyLog
import ModelFiles
import StreamCore
import StreamIO

/// What stands between a file of samples and a line of output.
enum PathPart: String, CaseIterable {
  /// Reading and decoding, the stamps' clock included.
  case source
  /// Several channels to one.
  case mix
  case resample
  case frontEnd = "front-end"
  case model
  /// The output line, its bytes given away.
  case line
  /// The record in the statistics of the table and the summary.
  case books
}

/// Which of a path's rows one is.
struct PathPlace {
  /// Nil of all of it.
  let part: PathPart?
}

/// A recording's way through a default lane, and each part of it on its own, as calls of so many frames.
struct LanePath {
  let recording: BenchRecording
  let file: ModelFile
  let resampler: Resampler?
  /// Frames of one call: those of one block of a replay.
  let framesPerCall: Int
  /// Samples of the source from one frame to the next.
  let hop: Int

  init(_ recording: BenchRecording, _ file: ModelFile) throws {
    self.recording = recording
    self.file = file
    let rate = file.frontEnd.sampleRate
    resampler =
      rate == recording.sampleRate ? nil : try Resampler(from: recording.sampleRate, to: rate)
    hop = file.frontEnd.hop * recording.sampleRate / rate
    precondition(hop * rate == file.frontEnd.hop * recording.sampleRate, "whole samples a frame")
    framesPerCall = max(1, recording.blockSamples / hop)
  }

  /// What there is of it, in the order of the table.
  var parts: [PathPart] {
    PathPart.allCases.filter { part in
      switch part {
      case .mix: recording.channels != file.frontEnd.channels
      case .resample: resampler != nil
      default: true
      }
    }
  }

  /// The call of a part, or of all of it.
  func makeCall(_ part: PathPart?) throws -> any TimedCall {
    switch part {
    case nil: try WholePathCall(self)
    case .source: SourceCall(try RecordingSource(self))
    case .mix: mixing()
    case .resample: resampling()
    case .frontEnd: frontEnd()
    case .model: modelCalls()
    case .line: try line()
    case .books: books()
    }
  }

  private func mixing() -> any TimedCall {
    let channels = recording.channels
    let samples = noise(framesPerCall * hop * channels)
    let mixed = FloatBuffer(count: hop)
    guard let mixer = ChannelMixer(inputChannels: channels, outputChannels: 1) else {
      preconditionFailure("any number of channels has a mean")
    }
    return FrameCalls(framesPerCall) { frame in
      let start = unsafe samples.base + frame * hop * channels
      _ = unsafe mixer.mix(start, count: hop, into: mixed.base)
    }
  }

  private func resampling() -> any TimedCall {
    guard let resampler else { preconditionFailure("one rate needs no resampler") }
    let channels = file.frontEnd.channels
    let box = ProcessorBox(AnyFrameProcessor(resampler.makeStream(channels: channels)))
    let samples = noise(framesPerCall * hop * channels)
    let output = FloatBuffer(count: (file.frontEnd.hop + resampler.tapCount) * channels)
    return FrameCalls(framesPerCall) { frame in
      _ = unsafe box.run(
        samples.base + frame * hop * channels, count: hop * channels, into: output.base,
        capacity: output.count)
    }
  }

  private func frontEnd() -> any TimedCall {
    let box = ProcessorBox(file.frontEnd.makeStream())
    let hop = file.frontEnd.hop * file.frontEnd.channels
    let samples = noise(framesPerCall * hop)
    let frames = FloatBuffer(count: 2 * file.frontEnd.frameSize)
    return FrameCalls(framesPerCall) { frame in
      _ = unsafe box.run(
        samples.base + frame * hop, count: hop, into: frames.base, capacity: frames.count)
    }
  }

  private func modelCalls() -> any TimedCall {
    let call = ModelCall(model: file.model, frames: 1, streams: 1)
    return FrameCalls(framesPerCall) { _ in call.run() }
  }

  private func line() throws -> any TimedCall {
    let subscriber = OutputSubscriber(try FileSink(path: "/dev/null"))
    try subscriber.begin([description])
    let output = noise(file.model.outputSize)
    var record = self.record
    return FrameCalls(framesPerCall) { _ in
      record.frame += 1
      record.time = Double(record.frame) / 100
      // What a sink on /dev/null has to say is nothing.
      try? unsafe subscriber.frame(
        record, time: record.time, output: Span(_unsafeStart: output.base, count: output.count))
    }
  }

  private func books() -> any TimedCall {
    var statistics = LaneStatistics(description)
    var drift = DriftMonitor(framePeriod: description.framePeriod)
    var record = self.record
    return FrameCalls(framesPerCall) { _ in
      record.frame += 1
      statistics.add(record)
      drift.add(output: 0.5)
      if drift.add(record) { drift.close(stateNorm: nil, cacheFill: nil, residentBytes: nil) }
    }
  }

  /// As the tool's, where it is of any weight: a deadline and a period.
  private var description: LaneDescription {
    let period = Double(file.frontEnd.hop) * 1e9 / Double(file.frontEnd.sampleRate)
    return LaneDescription(
      name: recording.model, architecture: file.architecture, precision: "f32",
      deadline: Int64(period), framePeriod: period, modelRate: file.frontEnd.sampleRate,
      algorithmicLatency: 0, signalDelay: 0, stateBytes: 0, weightBytes: 0, macsPerFrame: 0)
  }

  private var record: FrameRecord {
    FrameRecord(
      lane: 0, frame: 0, position: 0, arrival: 0, frontEndStart: 0, frontEndEnd: 1_000,
      modelStart: 1_000, modelEnd: 9_000, emission: 9_100)
  }

  private func noise(_ count: Int) -> FloatBuffer {
    var random = RandomTensors()
    return FloatBuffer(random.values(count).map { $0 * 0.1 })
  }
}
