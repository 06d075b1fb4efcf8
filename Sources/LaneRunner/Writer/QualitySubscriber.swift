import LatencyLog
import Quality
import Results
import StreamCore

/// Judges the outputs of a run's lanes against labels, frame by frame, or their tokens.
public final class QualitySubscriber: FrameSubscriber {
  /// One lane, with what judges it: one of the two.
  private struct Judge {
    let name: String
    /// Seconds from a frame to the next, whatever the pace.
    let framePeriod: Double
    var frames: QualityMeter?
    var tokens: TokenMeter?
  }

  private var lanes: [Judge] = []
  private let labels: Labels

  /// Throws `badData` for labels that the model of a lane does not know.
  public init(_ setups: [LaneSetup], labels: Labels) throws(LabelError) {
    self.labels = labels
    for setup in setups {
      var lane = Judge(name: setup.name, framePeriod: setup.qualityOptions.framePeriod)
      if let reference = try setup.tokenReference(labels) {
        lane.tokens = TokenMeter(reference, timing: TokenTiming(signalDelay: 0))
      } else {
        do throws(LabelError) {
          lane.frames = try QualityMeter(
            outputs: setup.labels, labels: labels, options: setup.qualityOptions)
        } catch {
          throw error.ofLane(setup.name)
        }
      }
      lanes.append(lane)
    }
  }

  public func begin(_ descriptions: [LaneDescription]) {
    for (index, lane) in descriptions.enumerated() {
      lanes[index].frames?.options.lookAhead = lane.resampling?.lookAhead ?? 0
      let factor = lanes[index].framePeriod * 1e9 / lane.framePeriod
      lanes[index].tokens?.timing = TokenTiming(
        factor: factor, signalDelay: lane.signalDelay,
        resamplerDelay: lane.resampling?.delay ?? 0)
    }
  }

  public func frame(_ record: FrameRecord, time: Double, output: borrowing Span<Float>) throws {
    try lanes[record.lane].frames?.add(record, time: time, output: output)
    lanes[record.lane].tokens?.advance(to: time)
  }

  public func token(_ token: TokenRecord) { lanes[token.lane].tokens?.add(token) }

  public func exchange(with archive: inout StateArchive) {
    for index in lanes.indices {
      lanes[index].frames?.exchange(with: &archive)
      lanes[index].tokens?.exchange(with: &archive)
    }
  }

  /// Puts each lane's quality, and the difference of each two lanes of one kind of outputs, in the
  /// summary of the run, and what to say of labels that are not those of its input.
  public func complete(_ summary: inout RunSummary) {
    summary.labelWarning = labels.misfit(
      with: summary.input.span, frames: UInt64(summary.lanes.map(\.frames).max() ?? 0),
      rates: [summary.input.rate] + summary.lanes.map { Double($0.lane.modelRate) })
    let judgements = lanes.map { $0.tokens.map(TokenJudgement.init) }
    for (index, lane) in lanes.enumerated() {
      summary.lanes[index].quality = lane.frames?.summary()
      summary.lanes[index].tokens = judgements[index]?.summary()
    }
    for index in lanes.indices {
      for other in lanes.indices.dropFirst(index + 1) {
        if let difference = difference(index, other, judgements) {
          summary.qualityDifferences.append(difference)
        }
      }
    }
  }

  private func difference(
    _ index: Int, _ other: Int, _ judgements: [TokenJudgement?]
  ) -> QualityDifference? {
    let (one, two) = (lanes[index], lanes[other])
    if let first = one.frames, let second = two.frames {
      return QualityDifference(of: (one.name, first), minus: (two.name, second))
    }
    guard let first = judgements[index], let second = judgements[other] else { return nil }
    return QualityDifference(of: (one.name, first), minus: (two.name, second))
  }
}

extension LaneSetup {
  /// The tokens that labels have for this lane; nil for one that gives none. Throws `badData` for labels
  /// that its model does not know.
  public func tokenReference(_ labels: Labels) throws(LabelError) -> TokenReference? {
    guard let tokens else { return nil }
    do throws(LabelError) {
      return try TokenReference(labels, outputs: self.labels, blank: tokens.blank)
    } catch {
      throw error.ofLane(name)
    }
  }

  /// A frame is labelled by its window's centre; a pace changes nothing of it.
  var qualityOptions: QualityOptions {
    let rate = Double(frontEnd.sampleRate)
    return QualityOptions(
      framePeriod: Double(frontEnd.hop) / rate, frameOffset: Double(frontEnd.window) / 2 / rate)
  }
}
