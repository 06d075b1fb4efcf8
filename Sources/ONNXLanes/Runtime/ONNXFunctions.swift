/// The functions of ONNX Runtime's C interface that lanes need, taken from its table by their places.
///
/// The table only ever grows at its end: a place means the same function in every version that has it.
/// Handles are opaque; a function that can fail returns a status, nil where all is well.
@safe struct ONNXFunctions: Sendable {
  typealias Handle = OpaquePointer
  typealias Out = UnsafeMutablePointer<OpaquePointer?>
  typealias Name = UnsafePointer<CChar>
  typealias Names = UnsafePointer<Name?>
  typealias Values = UnsafePointer<OpaquePointer?>
  typealias Text = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  typealias Number = UnsafeMutablePointer<Int>

  @unsafe let errorMessage: @convention(c) (Handle) -> Name
  @unsafe let createEnvironment: @convention(c) (Int32, Name, Out) -> Handle?
  @unsafe let createSession: @convention(c) (Handle, Name, Handle, Out) -> Handle?
  @unsafe let run:
    @convention(c) (
      Handle, Handle?, Names, Values, Int, Names, Int, UnsafeMutablePointer<OpaquePointer?>
    ) -> Handle?
  @unsafe let createSessionOptions: @convention(c) (Out) -> Handle?
  @unsafe let setIntraOpThreads: @convention(c) (Handle, Int32) -> Handle?
  @unsafe let setInterOpThreads: @convention(c) (Handle, Int32) -> Handle?
  @unsafe let inputCount: @convention(c) (Handle, Number) -> Handle?
  @unsafe let outputCount: @convention(c) (Handle, Number) -> Handle?
  @unsafe let inputType: @convention(c) (Handle, Int, Out) -> Handle?
  @unsafe let outputType: @convention(c) (Handle, Int, Out) -> Handle?
  @unsafe let inputName: @convention(c) (Handle, Int, Handle, Text) -> Handle?
  @unsafe let outputName: @convention(c) (Handle, Int, Handle, Text) -> Handle?
  @unsafe let createTensor:
    @convention(c) (
      Handle, UnsafeMutableRawPointer, Int, UnsafePointer<Int64>, Int, Int32, Out
    ) -> Handle?
  @unsafe let tensorInfo: @convention(c) (Handle, Out) -> Handle?
  @unsafe let elementType: @convention(c) (Handle, UnsafeMutablePointer<Int32>) -> Handle?
  @unsafe let dimensionCount: @convention(c) (Handle, Number) -> Handle?
  @unsafe let dimensions: @convention(c) (Handle, UnsafeMutablePointer<Int64>, Int) -> Handle?
  @unsafe let dimensionNames: @convention(c) (Handle, UnsafeMutablePointer<Name?>, Int) -> Handle?
  @unsafe let valueInfo: @convention(c) (Handle, Out) -> Handle?
  @unsafe let createMemoryInfo: @convention(c) (Int32, Int32, Out) -> Handle?
  @unsafe let free: @convention(c) (Handle, UnsafeMutableRawPointer) -> Handle?
  @unsafe let allocator: @convention(c) (Out) -> Handle?
  @unsafe let metadata: @convention(c) (Handle, Out) -> Handle?
  @unsafe let metadataEntry: @convention(c) (Handle, Handle, Name, Text) -> Handle?

  /// Frees what was created; nil is nothing.
  typealias Release = @convention(c) (Handle?) -> Void
  @unsafe let releaseStatus: Release
  @unsafe let releaseMemoryInfo: Release
  @unsafe let releaseSession: Release
  @unsafe let releaseValue: Release
  @unsafe let releaseTypeInfo: Release
  @unsafe let releaseTensorInfo: Release
  @unsafe let releaseSessionOptions: Release
  @unsafe let releaseMetadata: Release

  /// Reads the table, which must be one of `ONNXRuntime.interfaceVersion` at least.
  init(table: UnsafePointer<UnsafeRawPointer>) {
    func function<Function>(_ place: Int) -> Function {
      unsafe unsafeBitCast(table[place], to: Function.self)
    }
    unsafe errorMessage = function(2)
    unsafe createEnvironment = function(3)
    unsafe createSession = function(7)
    unsafe run = function(9)
    unsafe createSessionOptions = function(10)
    unsafe setIntraOpThreads = function(24)
    unsafe setInterOpThreads = function(25)
    unsafe inputCount = function(30)
    unsafe outputCount = function(31)
    unsafe inputType = function(33)
    unsafe outputType = function(34)
    unsafe inputName = function(36)
    unsafe outputName = function(37)
    unsafe createTensor = function(49)
    unsafe tensorInfo = function(55)
    unsafe elementType = function(60)
    unsafe dimensionCount = function(61)
    unsafe dimensions = function(62)
    unsafe dimensionNames = function(63)
    unsafe valueInfo = function(65)
    unsafe createMemoryInfo = function(69)
    unsafe free = function(76)
    unsafe allocator = function(78)
    unsafe releaseStatus = function(93)
    unsafe releaseMemoryInfo = function(94)
    unsafe releaseSession = function(95)
    unsafe releaseValue = function(96)
    unsafe releaseTypeInfo = function(98)
    unsafe releaseTensorInfo = function(99)
    unsafe releaseSessionOptions = function(100)
    unsafe metadata = function(111)
    unsafe metadataEntry = function(116)
    unsafe releaseMetadata = function(118)
  }
}
