import Foundation
import JobModel
import TestKit
import Testing

/// The programs of `Examples`.
@Suite struct ExampleTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Examples/Python")

    /// The system's, for which Scripts/test installs the packages; another one may come first in the path.
    private static let python = "/usr/bin/python3"

    /// What is missing to run the scripts is said, but not in continuous integration, where nothing may be.
    private static let canRun: Bool = {
        let isThere =
            (try? Tool.run("/bin/sh", ["-c", "command -v protoc && \(python) -c 'import zmq, google.protobuf'"]))
            .map { $0.status == 0 } ?? false
        return isThere || ProcessInfo.processInfo.environment["CI"].map { !$0.isEmpty } == true
    }()

    @Test(arguments: ["producer.py", "consumer.py"])
    func `each Python script stays under 60 lines`(name: String) throws {
        let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count - 1 < 60)
    }

    @Test(
        .ownThread,
        .enabled(if: BuiltProgram.isExpected),
        .enabled(
            if: canRun, "python3-zmq, python3-protobuf or protobuf-compiler is missing: Scripts/test installs them"))
    func `producer and consumer in Python get what dragoman translate says`() async throws {
        let texts = ["Where is the train station?", "Thank you.", "", "I am tired. Good night, \"my friend\"."]
        let expected = try await Reference.translations(of: texts.map { Job($0) })
        let generated = try TemporaryFolder()
        let protos = Self.folder.appending(path: "../../Protos/dragoman/v1").standardizedFileURL.path
        let protoc = try Tool.run(
            "/usr/bin/env",
            ["protoc", "--python_out=\(generated.url.path)", "--proto_path=\(protos)", "dragoman.proto"])
        #expect(protoc.status == 0, "\(protoc.errors)")
        let cluster = try Cluster(workers: 1)
        let environment = ["PYTHONPATH": generated.url.path]
        func script(_ name: String, _ arguments: [String], input: String = "") throws -> Tool {
            try Tool.run(
                Self.python, [Self.folder.appending(path: name).path] + arguments, environment, input: input)
        }
        let producer = try script(
            "producer.py", ["\(cluster.endpoint("jobs", at: ".standby")),\(cluster.endpoint("jobs"))"],
            input: texts.map { $0 + "\n" }.joined())
        #expect(producer.status == 0, "\(producer.errors)")
        let submitted = producer.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(submitted.map { $0[1...] } == texts.map { _ in ["accepted"] })
        // One of them, and then, as the same consumer again, the others. A consumer that ends at once may get again what it
        // has acknowledged, and knows it by its number.
        let endpoints = "\(cluster.endpoint("results")),\(cluster.endpoint("results", at: ".standby"))"
        var results: [String: [String]] = [:]
        var count = 1
        repeat {
            let consumer = try script("consumer.py", [endpoints, "python", "\(count)"])
            #expect(consumer.status == 0, "\(consumer.errors)")
            for line in consumer.output.split(separator: "\n") {
                let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
                results[fields[0]] = fields
            }
            try #require(!results.isEmpty)
            count = texts.count - results.count
        } while count > 0
        #expect(Set(results.keys) == Set((1...texts.count).map(String.init)))
        #expect(results.values.allSatisfy { $0[2] == "DONE" })
        let translations = Dictionary(results.values.map { ($0[1], $0[3]) }, uniquingKeysWith: { first, _ in first })
        #expect(translations.count == texts.count)
        #expect(submitted.map { translations[$0[0]] } == expected.map { $0.hypotheses[0].text })
    }

    @Test(.ownThread, .enabled(if: BuiltProgram.isExpected))
    func `the Swift library example translates`() throws {
        let example = try Tool.run(try BuiltProgram.path("SwiftLibraryExample"), [])
        #expect(example.status == 0, "\(example.errors)")
        let lines = example.output.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines.first == "Où se trouve la gare ?")
        #expect(lines.dropFirst().allSatisfy { $0.split(separator: " ").last.flatMap { Float($0) }?.isNaN == false })
    }

    @Test(.ownThread, .enabled(if: BuiltProgram.isExpected))
    func `the Swift client example submits a job and prints its translation`() throws {
        let cluster = try Cluster(workers: 1)
        let example = try Tool.run(
            try BuiltProgram.path("SwiftClientExample"), [cluster.endpoint("jobs"), cluster.endpoint("results")])
        #expect(example.status == 0, "\(example.errors)")
        #expect(example.output == "Où se trouve la gare ?\n")
    }
}

/// A program of the system, run to its end.
struct Tool {
    var status: Int32
    var output: String
    var errors: String

    static func run(
        _ path: String, _ arguments: [String], _ environment: [String: String] = [:], input: String = ""
    ) throws -> Tool {
        let folder = try TemporaryFolder()
        let files = ["input", "output", "errors"]
        for name in files { try folder.write(name, name == "input" ? input : "") }
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = try FileHandle(forReadingFrom: folder.file("input"))
        process.standardOutput = try FileHandle(forWritingTo: folder.file("output"))
        process.standardError = try FileHandle(forWritingTo: folder.file("errors"))
        try process.run()
        process.waitUntilExit()
        return Tool(
            status: process.terminationStatus, output: String(decoding: try folder.read("output"), as: UTF8.self),
            errors: String(decoding: try folder.read("errors"), as: UTF8.self))
    }
}
