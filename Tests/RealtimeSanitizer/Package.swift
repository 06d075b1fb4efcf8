// swift-tools-version: 6.2
import PackageDescription

// A package of its own, because the whole program is linked with the sanitizer: see scripts/check-realtime.
let package = Package(
  name: "realtime-sanitizer",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "lockstep", path: "../..")],
  targets: [
    .executableTarget(
      name: "RealtimeSanitizer",
      dependencies: [.product(name: "Lockstep", package: "lockstep")],
      path: "Sources",
      swiftSettings: [
        .strictMemorySafety(), .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
      ])
  ]
)
