/// By how much one lane is better than another over the same recordings: the first minus the second.
///
/// Both lanes are judged over the same units in each resample, so that what is hard for both cancels
/// out. An interval that holds 0 shows no difference.
public struct QualityDifference: Sendable, Equatable {
  public var unit: BootstrapUnit
  /// How many of them; under 20 there is no interval.
  public var units: Int
  public var auc: Estimate?
  public var accuracy: Estimate?
  public var f1: Estimate?

  public init(
    unit: BootstrapUnit, units: Int, auc: Estimate?, accuracy: Estimate?, f1: Estimate?
  ) {
    self.unit = unit
    self.units = units
    self.auc = auc
    self.accuracy = accuracy
    self.f1 = f1
  }
}
