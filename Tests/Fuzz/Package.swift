// swift-tools-version: 6.2
import PackageDescription

// A package of its own, because the whole program is built with coverage and the sanitizer: see scripts/fuzz.
let package = Package(
  name: "fuzz",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "lockstep", path: "../..")],
  targets: [
    .target(name: "CFuzzer"),
    .executableTarget(
      name: "Fuzz",
      dependencies: ["CFuzzer", .product(name: "Lockstep", package: "lockstep")],
      swiftSettings: [
        .strictMemorySafety(), .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
      ]),
  ]
)
