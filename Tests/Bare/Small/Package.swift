// swift-tools-version: 6.2
// What Tests/Bare builds in a bare system: the languages and libraries of dragoman, and nothing else.
import PackageDescription

let package = Package(
    name: "small",
    targets: [
        .target(
            name: "Libraries",
            linkerSettings: ["sentencepiece", "icuuc", "zmq", "protobuf-c", "sqlite3", "cld2"].map {
                .linkedLibrary($0)
            }),
        .executableTarget(name: "small", dependencies: ["Libraries"]),
        .testTarget(name: "SmallTests", dependencies: ["Libraries"]),
    ],
    cxxLanguageStandard: .cxx17
)
