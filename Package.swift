// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
  name: "lockstep",
  platforms: [.macOS(.v26)],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
  ],
  targets: [
    .target(name: "CStreamKernels", linkerSettings: [.linkedLibrary("m")]),
    .target(name: "StreamCore", dependencies: ["CStreamKernels"], swiftSettings: strict),
    .testTarget(
      name: "StreamCoreTests", dependencies: ["StreamCore", "CStreamKernels"],
      swiftSettings: strict),
  ]
)
