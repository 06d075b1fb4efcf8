import CFuzzer
import Foundation

/// `Fuzz TARGET [libFuzzer's options]`: feeds bytes to one reader of what others wrote.
/// `Fuzz seeds TARGET FOLDER`: writes there what the fuzzer can begin with, if the target makes any itself.
@main
struct Fuzz {
  static func main() throws {
    let words = CommandLine.arguments.dropFirst()
    if words.first == "seeds", words.count == 3, let target = FuzzTarget(rawValue: words[2]) {
      for (index, seed) in target.seeds.enumerated() {
        try Data(seed).write(to: URL(filePath: words[3]).appending(path: "\(index)"))
      }
      return
    }
    let name = words.first ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
      let known = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
      FileHandle.standardError.write(
        Data("Error: Fuzz \(name): expected a target: \(known)\n".utf8))
      exit(64)
    }
    unsafe selected = target
    // The driver sees the program's name and its own options.
    var arguments = unsafe [CommandLine.unsafeArgv[0]]
    for index in 2..<max(2, Int(CommandLine.argc)) {
      unsafe arguments.append(CommandLine.unsafeArgv[index])
    }
    var count = unsafe Int32(arguments.count)
    unsafe arguments.append(nil)
    let code = unsafe arguments.withUnsafeMutableBufferPointer { list in
      var base = list.baseAddress
      return unsafe LLVMFuzzerRunDriver(&count, &base) { data, size in
        unsafe selected.run(Array(UnsafeBufferPointer(start: data, count: size)))
        return 0
      }
    }
    exit(code)
  }
}

/// Set once, before the first input.
nonisolated(unsafe) private var selected = FuzzTarget.model
