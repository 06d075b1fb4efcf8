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
  products: [
    .library(name: "LockstepCore", targets: ["PlainText", "StreamCore", "ModelFiles"]),
    .library(
      name: "Lockstep",
      targets: [
        "PlainText", "StreamCore", "ModelFiles", "ONNXLanes", "StreamIO", "LatencyLog", "Results",
        "Quality", "LaneRunner",
      ]),
    .executable(name: "lockstep", targets: ["LockstepCommand"]),
    .executable(name: "lockstep-bench", targets: ["LockstepBench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CSndFile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
    .systemLibrary(name: "CALSA", pkgConfig: "alsa", providers: [.apt(["libasound2-dev"])]),
    .target(
      name: "CStreamKernels", exclude: ["README.md", "templates"],
      cSettings: [.headerSearchPath(".")]),
    .target(name: "CSHA256"),
    .target(name: "PlainText", swiftSettings: strict),
    // A program with nothing but the core links no other library that brings libm.
    .target(
      name: "StreamCore", dependencies: ["PlainText", "CStreamKernels"], swiftSettings: strict,
      linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    .target(
      name: "ModelFiles", dependencies: ["PlainText", "StreamCore", "CSHA256"],
      swiftSettings: strict),
    .target(
      name: "ONNXLanes", dependencies: ["PlainText", "StreamCore", "ModelFiles"],
      swiftSettings: strict),
    .target(name: "CLinux"),
    .target(
      name: "StreamIO",
      dependencies: [
        "PlainText", "StreamCore", "LatencyLog", "CSndFile", "CLinux",
        .target(name: "CALSA", condition: .when(platforms: [.linux])),
      ],
      swiftSettings: strict),
    .target(
      name: "LatencyLog", dependencies: ["PlainText", "StreamCore"], swiftSettings: strict),
    .target(
      name: "Results", dependencies: ["PlainText", "StreamIO", "LatencyLog"], swiftSettings: strict),
    .target(
      name: "Quality",
      dependencies: ["PlainText", "StreamCore", "StreamIO", "LatencyLog", "Results"],
      swiftSettings: strict),
    .target(
      name: "LaneRunner",
      dependencies: [
        "StreamCore", "ModelFiles", "ONNXLanes", "StreamIO", "LatencyLog", "Results", "Quality",
        "CLinux",
      ],
      swiftSettings: strict),
    .target(
      name: "Experiments",
      dependencies: [
        "StreamCore", "ModelFiles", "StreamIO", "LatencyLog", "Results", "Quality", "LaneRunner",
        "CMachineLimits",
      ],
      swiftSettings: strict),
    .target(
      name: "Reporting",
      dependencies: ["PlainText", "StreamCore", "StreamIO", "LatencyLog", "Results"],
      resources: [
        .embedInCode("Page/report.css"), .embedInCode("Page/report.js"),
        .embedInCode("Glossary/glossary.txt"),
      ],
      swiftSettings: strict),
    // The commit that the command was built from, for --version and summaries.
    .plugin(name: "CommitPlugin", capability: .buildTool()),
    .executableTarget(
      name: "LockstepCommand",
      dependencies: [
        "PlainText", "ModelFiles", "ONNXLanes", "Results", "LaneRunner", "Experiments", "Quality",
        "Reporting", "CAllocationCounter",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict, plugins: ["CommitPlugin"]),
    .target(name: "CAllocationCounter"),
    .target(
      name: "CHeapGauge", dependencies: ["CAllocationCounter"], path: "Tests/CHeapGauge"),
    .target(name: "CSpawn", path: "Tests/CSpawn"),
    .target(
      name: "TestDevices",
      dependencies: [
        "CSpawn", "CSndFile", .target(name: "CALSA", condition: .when(platforms: [.linux])),
      ],
      path: "Tests/TestDevices", swiftSettings: strict),
    .target(
      name: "TestLanes", dependencies: ["LaneRunner", "ModelFiles", "StreamCore", "StreamIO"],
      path: "Tests/TestLanes", swiftSettings: strict),
    .target(
      name: "TestRecords", dependencies: ["LatencyLog"], path: "Tests/TestRecords",
      swiftSettings: strict),
    .target(name: "CMachineLimits"),
    .executableTarget(
      name: "LockstepBench",
      dependencies: [
        "PlainText", "StreamCore", "ModelFiles", "StreamIO", "LatencyLog", "Results", "Quality",
        "LaneRunner", "Experiments", "CMachineLimits", "CAllocationCounter",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .testTarget(name: "PlainTextTests", dependencies: ["PlainText"], swiftSettings: strict),
    .testTarget(
      name: "StreamCoreTests",
      dependencies: [
        "StreamCore", "CStreamKernels", "ModelFiles", "PlainText", "CAllocationCounter",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "QualityTests", dependencies: ["Quality", "LatencyLog", "PlainText", "Results"],
      swiftSettings: strict),
    .testTarget(
      name: "ModelFilesTests", dependencies: ["ModelFiles", "StreamCore"], swiftSettings: strict),
    .testTarget(
      name: "ONNXLanesTests",
      dependencies: ["ONNXLanes", "ModelFiles", "StreamCore", "PlainText", "TestDevices"],
      swiftSettings: strict),
    .testTarget(
      name: "LatencyLogTests",
      dependencies: [
        "LatencyLog", "PlainText", "StreamCore", "TestRecords",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
      ], swiftSettings: strict),
    .testTarget(
      name: "ResultsTests", dependencies: ["Results", "LatencyLog", "PlainText", "TestRecords"],
      swiftSettings: strict),
    .testTarget(
      name: "StreamIOTests",
      dependencies: [
        "StreamCore", "StreamIO", "CSndFile", "CLinux", "TestDevices", "CAllocationCounter",
        .target(name: "CALSA", condition: .when(platforms: [.linux])),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "LaneRunnerTests",
      dependencies: ["LaneRunner", "TestLanes", "CAllocationCounter", "CHeapGauge"],
      swiftSettings: strict),
    .testTarget(
      name: "ExperimentsTests",
      dependencies: ["Experiments", "StreamCore", "TestLanes", "Quality", "CAllocationCounter"],
      swiftSettings: strict),
    .testTarget(
      name: "LockstepCommandTests",
      dependencies: [
        "LockstepCommand", "ModelFiles", "StreamIO", "CSndFile", "TestDevices",
        .target(name: "CALSA", condition: .when(platforms: [.linux])),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "LockstepBenchTests",
      dependencies: [
        "LockstepBench", "Experiments", "StreamCore", "ModelFiles", "StreamIO", "LaneRunner",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ReportingTests", dependencies: ["LatencyLog", "Results", "Reporting"],
      swiftSettings: strict),
  ]
)
