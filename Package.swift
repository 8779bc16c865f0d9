// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "dragoman",
    products: [
        .executable(name: "dragoman", targets: ["dragoman"]),
        .library(name: "DragomanClient", targets: ["DragomanClient"]),
        .library(name: "DragomanEngine", targets: ["DragomanEngine"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    ],
    targets: [
        // Layer 0: C.
        .target(name: "CKernels"),
        .target(
            name: "CSentencePiece",
            linkerSettings: [.linkedLibrary("sentencepiece")]
        ),
        .target(
            name: "CICU",
            linkerSettings: [.linkedLibrary("icuuc")]
        ),
        .target(name: "CSQLite", linkerSettings: [.linkedLibrary("sqlite3")]),
        .systemLibrary(name: "CZeroMQ"),
        .systemLibrary(name: "CZlib"),
        .target(name: "CFileBirth"),
        // Opens libcurl when it is needed, and only its headers when it is built.
        .target(name: "CCurl"),
        // Opens libpq when it is needed, and only its headers when it is built.
        .target(name: "CPostgres"),
        .target(name: "CDigests"),
        .target(name: "CLanguageDetection", linkerSettings: [.linkedLibrary("cld2")]),
        // Generated: see Scripts/protos.
        .target(name: "CWire", linkerSettings: [.linkedLibrary("protobuf-c")]),
        // Layer 1.
        .target(name: "Checksums", dependencies: ["CDigests"], swiftSettings: swiftSettings),
        .target(name: "Clocks", swiftSettings: swiftSettings),
        .target(name: "Languages", swiftSettings: swiftSettings),
        .target(name: "Measures", swiftSettings: swiftSettings),
        .target(name: "SettingValues", swiftSettings: swiftSettings),
        .target(name: "Tensors", dependencies: ["CKernels"], swiftSettings: swiftSettings),
        .target(name: "Translations", swiftSettings: swiftSettings),
        .target(name: "Wording", swiftSettings: swiftSettings),
        // Layer 2.
        .target(name: "Archives", dependencies: ["CZlib", "Wording"], swiftSettings: swiftSettings),
        .target(name: "Hub", dependencies: ["CCurl", "Checksums", "Wording"], swiftSettings: swiftSettings),
        .target(name: "JobModel", dependencies: ["Translations"], swiftSettings: swiftSettings),
        .target(name: "Markup", dependencies: ["Translations"], swiftSettings: swiftSettings),
        .target(
            name: "Systemd", dependencies: ["Wording", .product(name: "Logging", package: "swift-log")],
            swiftSettings: swiftSettings),
        .target(name: "ZeroMQ", dependencies: ["CZeroMQ", "Clocks"], swiftSettings: swiftSettings),
        // Layer 3.
        .target(
            name: "Documents",
            dependencies: [
                "Archives", "Languages", "Markup", "Translations", "Wording",
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: swiftSettings),
        .target(name: "Addresses", dependencies: ["JobModel"], swiftSettings: swiftSettings),
        .target(name: "Wire", dependencies: ["CWire", "JobModel"], swiftSettings: swiftSettings),
        .target(
            name: "Text", dependencies: ["CSentencePiece", "CICU", "Tensors"], swiftSettings: swiftSettings),
        .target(
            name: "Inference",
            dependencies: [
                "CKernels", "Measures", "Tensors", "Translations",
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            swiftSettings: swiftSettings
        ),
        // Layer 4.
        .target(name: "JobStore", dependencies: ["JobModel", "Measures", "Wire"], swiftSettings: swiftSettings),
        .target(name: "Spans", dependencies: ["Hub", "JobModel", "Wire"], swiftSettings: swiftSettings),
        .target(
            name: "ModelFormats",
            dependencies: [
                "Archives", "CKernels", "Checksums", "Inference", "Languages", "Tensors", "Text", "Wording",
            ],
            swiftSettings: swiftSettings),
        .target(
            name: "Settings",
            dependencies: [
                "Addresses",
                "Languages",
                "SettingValues",
                "Wording",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: swiftSettings
        ),
        // Layer 5.
        .target(
            name: "Dispatching",
            dependencies: ["Clocks", "JobModel", "JobStore", "Languages", "Measures", "SettingValues"],
            swiftSettings: swiftSettings),
        .target(
            name: "PostgresJobStore", dependencies: ["CPostgres", "Clocks", "JobModel", "JobStore", "Wire", "Wording"],
            swiftSettings: swiftSettings),
        .target(
            name: "SQLiteJobStore",
            dependencies: [
                "CFileBirth",
                "CSQLite",
                "Checksums",
                "JobModel",
                "JobStore",
                "Wire",
                "Wording",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: swiftSettings
        ),
        // The engine's public face.
        .target(
            name: "DragomanEngine",
            dependencies: [
                "Inference", "Languages", "Markup", "Measures", "ModelFormats", "SettingValues", "Tensors", "Text",
                "Translations",
            ],
            resources: [.copy("Resources/demo-en-fr")],
            swiftSettings: swiftSettings
        ),
        // Layer 6: shells.
        .target(
            name: "DragomanClient", dependencies: ["Addresses", "JobModel", "SettingValues", "Wire", "ZeroMQ"],
            swiftSettings: swiftSettings),
        .target(
            name: "Broker",
            dependencies: [
                "Clocks",
                "Dispatching",
                "JobModel",
                "JobStore",
                "SettingValues",
                "Spans",
                "Wire",
                "ZeroMQ",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "Worker",
            dependencies: [
                "Addresses",
                "Clocks",
                "DragomanEngine",
                "JobModel",
                "Languages",
                "Measures",
                "SettingValues",
                "Wire",
                "ZeroMQ",
            ],
            swiftSettings: swiftSettings
        ),
        // Layer 7: the broker's client that speaks HTTP. Only this target knows of NIO and Hummingbird.
        .target(
            name: "Gateway",
            dependencies: [
                "CLanguageDetection",
                "Checksums",
                "Clocks",
                "Documents",
                "DragomanClient",
                "JobModel",
                "Languages",
                "Markup",
                "Measures",
                "Wording",
                "SettingValues",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            // The page's files, as they are. In the program, so that it is one file wherever it is.
            resources: [.embedInCode("Page/Files")],
            swiftSettings: swiftSettings
        ),
        // Layer 8: the composition root. All of it but `@main` is a library, so that release builds can test it.
        .target(
            name: "DragomanCommand",
            dependencies: [
                "Broker",
                "Clocks",
                "Dispatching",
                "Documents",
                "DragomanClient",
                "DragomanEngine",
                "Gateway",
                "Hub",
                "JobModel",
                "JobStore",
                "Languages",
                "Measures",
                "PostgresJobStore",
                "SQLiteJobStore",
                "Settings",
                "Systemd",
                "Text",
                "Spans",
                "Wording",
                "Worker",
                "ZeroMQ",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings
        ),
        .executableTarget(name: "dragoman", dependencies: ["DragomanCommand"], swiftSettings: swiftSettings),
        // Examples, which a test runs.
        .executableTarget(
            name: "SwiftLibraryExample", dependencies: ["DragomanEngine"], path: "Examples/SwiftLibrary",
            swiftSettings: swiftSettings),
        .executableTarget(
            name: "SwiftClientExample", dependencies: ["DragomanClient"], path: "Examples/SwiftClient",
            swiftSettings: swiftSettings),
        // Tests.
        .target(
            name: "TestKit", dependencies: ["Archives", "JobModel", "JobStore", "Wire"], path: "Tests/TestKit",
            swiftSettings: swiftSettings),
        // Small models of every family.
        .target(
            name: "TestModels", dependencies: ["ModelFormats"], path: "Tests/TestModels", swiftSettings: swiftSettings),
        // A hub on this host.
        .target(name: "TestHub", dependencies: ["Checksums"], path: "Tests/TestHub", swiftSettings: swiftSettings),
        // A broker that kills itself at a named point. A test's own program, so that the one that ships has no such hook.
        .executableTarget(
            name: "CrashingBroker",
            dependencies: [
                "Broker",
                "DragomanCommand",
                "JobModel",
                "JobStore",
                "SQLiteJobStore",
                "Settings",
                "TestKit",
                "ZeroMQ",
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/CrashingBroker", swiftSettings: swiftSettings),
        .testTarget(name: "AddressesTests", dependencies: ["Addresses", "TestKit"], swiftSettings: swiftSettings),
        .testTarget(
            name: "BrokerTests",
            dependencies: [
                "Broker", "Dispatching", "JobModel", "JobStore", "Spans",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings),
        .testTarget(name: "ChecksumsTests", dependencies: ["Checksums", "TestKit"], swiftSettings: swiftSettings),
        .testTarget(name: "CKernelsTests", dependencies: ["CKernels", "TestKit"], swiftSettings: swiftSettings),
        .testTarget(
            name: "ChaosTests",
            // The programs are run, not linked for their code; naming them has them built first.
            dependencies: ["CrashingBroker", "DragomanClient", "DragomanEngine", "JobModel", "TestKit", "dragoman"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "DispatchingTests",
            dependencies: ["Dispatching", "JobModel", "JobStore", "SettingValues", "TestKit"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "DocumentsTests", dependencies: ["Archives", "Documents", "Languages", "TestKit", "Translations"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "DragomanClient", "Gateway", "JobModel", "Languages", "TestKit",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings),
        .testTarget(name: "HubTests", dependencies: ["Hub", "TestHub", "TestKit"], swiftSettings: swiftSettings),
        .testTarget(name: "JobModelTests", dependencies: ["JobModel"], swiftSettings: swiftSettings),
        .target(name: "CSimulatedDisk", path: "Tests/CSimulatedDisk"),
        .testTarget(name: "MarkupTests", dependencies: ["Markup", "Translations"], swiftSettings: swiftSettings),
        .testTarget(name: "MeasuresTests", dependencies: ["Measures"], swiftSettings: swiftSettings),
        .testTarget(name: "LanguagesTests", dependencies: ["Languages"], swiftSettings: swiftSettings),
        .testTarget(
            name: "JobStoreTests",
            dependencies: [
                "CSimulatedDisk", "JobModel", "JobStore", "PostgresJobStore", "SQLiteJobStore", "TestKit", "Wire",
            ],
            // Read in place.
            exclude: ["Fixtures"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "Clocks",
                "Dispatching",
                "DragomanClient",
                "JobModel",
                "JobStore",
                "SettingValues",
                "TestKit",
                "Worker",
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            swiftSettings: swiftSettings),
        .testTarget(name: "SettingsTests", dependencies: ["Settings", "TestKit"], swiftSettings: swiftSettings),
        .testTarget(
            name: "SystemdTests",
            dependencies: ["Systemd", "TestKit", .product(name: "Logging", package: "swift-log")],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "WireTests", dependencies: ["CWire", "JobModel", "TestKit", "Wire"],
            // Read in place.
            exclude: ["Fixtures"],
            swiftSettings: swiftSettings),
        .testTarget(name: "SpansTests", dependencies: ["Spans"], swiftSettings: swiftSettings),
        .testTarget(
            name: "WorkerTests",
            dependencies: [
                "Addresses", "DragomanEngine", "JobModel", "JobStore", "SettingValues", "TestKit", "TestModels", "Wire",
                "Worker",
                "ZeroMQ",
            ],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "ZeroMQTests", dependencies: ["CZeroMQ", "TestKit", "ZeroMQ"], swiftSettings: swiftSettings),
        .executableTarget(
            name: "GroupCommitBenchmark",
            dependencies: ["JobModel", "JobStore", "PostgresJobStore", "SQLiteJobStore", "TestKit"],
            path: "Tests/Benchmarks/GroupCommit", swiftSettings: swiftSettings),
        .testTarget(
            name: "TensorsTests", dependencies: ["CKernels", "Tensors", "TestKit"], swiftSettings: swiftSettings),
        .testTarget(
            name: "TextTests", dependencies: ["Text", "TestKit"], resources: [.copy("Fixtures")],
            swiftSettings: swiftSettings),
        .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
        .testTarget(
            name: "InferenceTests",
            dependencies: [
                "CAllocationCounter", "Inference", "Measures", "ModelFormats", "Tensors", "TestKit", "Text",
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "ModelFormatsTests",
            dependencies: ["Archives", "ModelFormats", "Inference", "Tensors", "TestKit", "Text"],
            // Read in place.
            exclude: ["Fixtures"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "PipelineTests",
            dependencies: [
                "DragomanClient", "DragomanEngine", "Gateway", "JobModel", "Languages", "TestKit", "TestModels", "Wire",
                "Worker", "ZeroMQ",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings),
        .testTarget(name: "ProjectTests", swiftSettings: swiftSettings),
        .testTarget(
            name: "DragomanEngineTests",
            dependencies: ["DragomanEngine", "Inference", "ModelFormats", "Tensors", "TestKit", "TestModels", "Text"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "DragomanClientTests", dependencies: ["Addresses", "DragomanClient", "TestKit", "Wire", "ZeroMQ"],
            swiftSettings: swiftSettings),
        .testTarget(
            name: "DragomanCommandTests",
            dependencies: [
                "Broker",
                "DragomanClient",
                "DragomanCommand",
                "DragomanEngine",
                "Dispatching",
                "Documents",
                "Gateway",
                "Hub",
                "Inference",
                "JobModel",
                "JobStore",
                "Measures",
                "Settings",
                "Tensors",
                "TestHub",
                "TestKit",
                "Worker",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: swiftSettings),
    ],
    cLanguageStandard: .c17,
    cxxLanguageStandard: .cxx17
)
