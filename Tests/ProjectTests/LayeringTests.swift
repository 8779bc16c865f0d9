import Foundation
import Testing

/// The architecture's one hard rule: imports only point down. The package's manifest is read as SwiftPM prints it.
@Suite("Targets depend only on targets of lower layers")
struct LayeringTests {
    /// Layer and, where the rule is tighter than "any lower layer", what a target may depend on.
    private static let layers: [String: (layer: Int, allowed: Set<String>?)] = [
        "CKernels": (0, []),
        "CSentencePiece": (0, []),
        "CICU": (0, []),
        "CSQLite": (0, []),
        "CFileBirth": (0, []),
        "CCurl": (0, []),
        "CPostgres": (0, []),
        "CDigests": (0, []),
        "CLanguageDetection": (0, []),
        "CZeroMQ": (0, []),
        "CZlib": (0, []),
        "CWire": (0, []),
        "Checksums": (1, ["CDigests"]),
        "Clocks": (1, []),
        // What a request and a model call a language: the one thing that pipeline, settings and engine must agree on.
        "Languages": (1, []),
        // What is counted, and how long things take.
        "Measures": (1, []),
        // What people set, with its defaults: what the configuration is read into and the machines follow.
        "SettingValues": (1, []),
        "Tensors": (1, ["CKernels"]),
        // What is translated, how, and what came of it: the values that engine and pipeline share.
        "Translations": (1, []),
        "Wording": (1, []),
        // What both models and documents come in.
        "Archives": (2, ["CZlib", "Wording"]),
        "Hub": (2, ["CCurl", "Checksums", "Wording"]),
        "JobModel": (2, ["Translations"]),
        "Markup": (2, ["Translations"]),
        // The writes that a store takes and their outcomes are what the dispatcher's directives and events are made of.
        "JobStore": (4, ["JobModel", "Measures", "Wire"]),
        // Spans of jobs, and the way to a collector: the transport is that of models.
        "Spans": (4, ["Hub", "JobModel", "Wire"]),
        "Systemd": (2, ["Logging", "Wording"]),
        // Files of every format: what is text in them, and how they are written again.
        "Documents": (3, ["Archives", "Languages", "Markup", "Translations", "Wording", "Yams"]),
        // Where brokers are, and which of several addresses is tried.
        "Addresses": (3, ["JobModel"]),
        "Wire": (3, ["CWire", "JobModel"]),
        "ZeroMQ": (2, ["CZeroMQ", "Clocks"]),
        "Dispatching": (5, ["Clocks", "JobModel", "JobStore", "Languages", "Measures", "SettingValues"]),
        "Text": (3, ["CSentencePiece", "CICU", "Tensors"]),
        "Inference": (3, ["CKernels", "Measures", "Tensors", "Translations", "HeapModule"]),
        // A reader fills the engine's and the tokenizer's values in, so it stands above both.
        "ModelFormats": (
            4, ["Archives", "CKernels", "Checksums", "Inference", "Languages", "Tensors", "Text", "Wording"]
        ),
        "PostgresJobStore": (5, ["CPostgres", "Clocks", "JobModel", "JobStore", "Wire", "Wording"]),
        "SQLiteJobStore": (
            5, ["CFileBirth", "CSQLite", "Checksums", "JobModel", "JobStore", "Wire", "Wording", "GRDB", "GRDBSQLite"]
        ),
        "Settings": (4, ["Addresses", "Configuration", "Languages", "SettingValues", "Wording", "Yams"]),
        "DragomanEngine": (
            5,
            [
                "Inference", "Languages", "Markup", "Measures", "ModelFormats", "SettingValues", "Tensors", "Text",
                "Translations",
            ]
        ),
        "Broker": (
            6,
            [
                "Clocks", "Dispatching", "JobModel", "JobStore", "SettingValues", "Spans", "Wire", "ZeroMQ",
                "DequeModule", "Logging",
            ]
        ),
        "DragomanClient": (6, ["Addresses", "JobModel", "SettingValues", "Wire", "ZeroMQ"]),
        "Worker": (
            6,
            [
                "Addresses", "Clocks", "DragomanEngine", "JobModel", "Languages", "Measures", "SettingValues", "Wire",
                "ZeroMQ",
            ]
        ),
        // What speaks HTTP: NIO and Hummingbird are known nowhere else.
        "Gateway": (
            7,
            [
                "CLanguageDetection", "Checksums", "Clocks", "Documents", "DragomanClient", "JobModel", "Languages",
                "Markup", "Measures", "SettingValues", "Wording", "HTTPTypes", "HummingbirdCore", "Logging", "NIOCore",
                "NIOHTTPTypes",
                "NIOPosix", "NIOSSL",
            ]
        ),
        "DragomanCommand": (8, nil),
        "dragoman": (9, ["DragomanCommand", "ArgumentParser"]),
        // What users need is in one product.
        "SwiftLibraryExample": (9, ["DragomanEngine"]),
        "SwiftClientExample": (9, ["DragomanClient"]),
    ]

    @Test("every target is in the table, and depends on nothing that the table does not allow")
    func dependenciesPointDown() throws {
        let manifest = try Manifest.dumped()
        let sources = manifest.targets.filter { $0.type != "test" && !($0.path ?? "").hasPrefix("Tests/") }
        #expect(Set(sources.map(\.name)) == Set(Self.layers.keys))
        for target in sources {
            let (layer, allowed) = try #require(Self.layers[target.name])
            for dependency in target.dependencyNames {
                if let lower = Self.layers[dependency] {
                    #expect(lower.layer < layer, "\(target.name) depends on \(dependency)")
                }
                if let allowed {
                    #expect(allowed.contains(dependency), "\(target.name) may not depend on \(dependency)")
                }
            }
        }
    }

    @Test("no target passes flags that would forbid its use as a dependency")
    func noUnsafeFlags() throws {
        #expect(!(try Manifest.text()).contains("unsafeFlags"))
    }
}

/// The part of `swift package dump-package` that says who depends on whom.
private struct Manifest: Decodable {
    struct Target: Decodable {
        var name: String
        var type: String
        var path: String?
        var dependencies: [Dependency]

        var dependencyNames: [String] { dependencies.compactMap(\.name) }
    }

    /// `{"byName": [name, condition]}` or `{"product": [name, package, …]}` or `{"target": [name, condition]}`.
    struct Dependency: Decodable {
        var name: String?

        init(from decoder: any Decoder) throws {
            let kinds = try decoder.singleValueContainer().decode([String: [JSONString?]].self)
            name = kinds.values.first?.first??.value
        }
    }

    /// A string, or anything else as nil.
    struct JSONString: Decodable {
        var value: String?

        init(from decoder: any Decoder) throws {
            value = try? decoder.singleValueContainer().decode(String.self)
        }
    }

    var targets: [Target]

    private static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func text() throws -> String {
        try String(contentsOf: package.appending(path: "Package.swift"), encoding: .utf8)
    }

    static func dumped() throws -> Manifest {
        let scratch = FileManager.default.temporaryDirectory.appending(
            path: "dump-\(ProcessInfo.processInfo.processIdentifier)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        // A build folder of its own: the test run may hold the usual one's lock.
        process.arguments = [
            "swift", "package", "--package-path", package.path, "--scratch-path", scratch.path, "dump-package",
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return try JSONDecoder().decode(Manifest.self, from: data)
    }
}
