import PlainText
import StreamCore

extension SafetensorsFile {
  /// Refuses a file that does not hold exactly these tensors: one missing, misshapen or left over.
  func checkShapes(_ tensors: [TensorShape]) throws(ModelFileError) {
    for tensor in tensors {
      guard let found = shape(of: tensor.name) else {
        throw tensorError(tensor, "is missing", found: "none")
      }
      guard found == tensor.shape else {
        throw tensorError(tensor, "is misshapen", found: "shape \(found)")
      }
    }
    let names = Set(tensors.map(\.name))
    if let name = tensorNames.first(where: { !names.contains($0) }) {
      throw FileDefect(
        "tensor \(name.excerpt) is left over: expected none, found shape \(shape(of: name) ?? [])"
      ).inFile(path)
    }
  }

  /// The values of tensors whose shapes were checked, by name; one that is not finite is an error.
  func finiteValues(of tensors: [TensorShape]) throws(ModelFileError) -> [String: [Float]] {
    var values: [String: [Float]] = [:]
    for tensor in tensors {
      let tensorValues = try self.values(of: tensor.name)
      if let index = tensorValues.firstIndex(where: { !$0.isFinite }) {
        throw tensorError(
          tensor, "is not finite",
          found: "shape \(tensor.shape) with \(tensorValues[index]) at "
            + "\(Self.position(index, in: tensor.shape))")
      }
      values[tensor.name] = tensorValues
    }
    return values
  }

  private func tensorError(
    _ tensor: TensorShape, _ problem: String, found: String
  ) -> ModelFileError {
    FileDefect(
      "tensor \(tensor.name) \(problem): expected shape \(tensor.shape), found \(found)"
    ).inFile(path)
  }

  /// A row-major index as one index per dimension.
  private static func position(_ index: Int, in shape: [Int]) -> [Int] {
    var rest = index
    var position: [Int] = []
    for dimension in shape.reversed() {
      position.append(rest % dimension)
      rest /= dimension
    }
    return position.reversed()
  }
}
