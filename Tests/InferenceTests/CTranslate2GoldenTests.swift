import Foundation
import Inference
import ModelFormats
import Testing

/// What CTranslate2 makes of sources with models in its own format, which `Tests/Goldens/make_ctranslate2.py` converted.
@Suite("Searches give what CTranslate2 gives for its folders")
struct CTranslate2GoldenTests {
    struct Case: Decodable {
        struct Hypothesis: Decodable {
            var tokens: [Int]
            var score: Float
        }

        /// As the encoder reads it: with everything around it.
        var source: [Int]
        var options: GoldenOptions
        var hypotheses: [Hypothesis]
    }

    /// `DRAGOMAN_CTRANSLATE2` names another folder, with more models: see the script.
    static let root =
        ProcessInfo.processInfo.environment["DRAGOMAN_CTRANSLATE2"].map { URL(filePath: $0) }
        ?? Golden.root.appending(path: "Goldens/ctranslate2")

    /// Every model in every number format: `marian-shared/int8`.
    static let models: [String] = {
        let files = FileManager.default
        func names(_ folder: URL) -> [String] { (try? files.contentsOfDirectory(atPath: folder.path).sorted()) ?? [] }
        return names(root).flatMap { name in names(root.appending(path: name)).map { "\(name)/\($0)" } }
    }()

    static func cases(_ file: URL) throws -> [Case] {
        struct File: Decodable { var cases: [Case] }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(File.self, from: Data(contentsOf: file)).cases
    }

    static func expectGolden(_ model: TestModel, _ cases: [Case], _ name: String) throws {
        let jobs = try cases.map { golden in
            SegmentJob(
                source: golden.source.map(Int32.init), task: .search(segment: 0),
                settings: try model.settings(golden.options.decoding, golden.source.count))
        }
        for (index, (golden, found)) in zip(cases, model.run(jobs)).enumerated() {
            let place = Comment("case \(index) of \(name): \(golden.options)")
            #expect(found.map(\.tokens) == golden.hypotheses.map(\.tokens), place)
            for (found, expected) in zip(found, golden.hypotheses) where found.tokens == expected.tokens {
                #expect(abs(found.score - expected.score) < 1e-4 * max(1, abs(expected.score)), place)
            }
        }
    }

    @Test func `there are models of all families and number formats`() {
        #expect(Self.models.count >= 20)
        for format in ["float32", "float16", "bfloat16", "int16", "int8", "int8_float16", "int8_bfloat16"] {
            #expect(Self.models.contains { $0.hasSuffix("/\(format)") })
        }
    }

    @Test(arguments: models)
    func `every case has the same tokens, and scores within 1e-4`(_ name: String) throws {
        let folder = Self.root.appending(path: name)
        try Self.expectGolden(TestModel(folder), Self.cases(folder.appending(path: "cases.json")), name)
    }

    /// A model that somebody trained, of CTranslate2's own tests, which is not part of the repository.
    private static let transliteration = Golden.root.deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "shared/models/ctranslate2-aren-transliteration/v2")

    @Test(
        .enabled(
            if: FileManager.default.fileExists(atPath: transliteration.path),
            "the transliteration model is not beside the repository"))
    func `a real model of version 2 transliterates as with CTranslate2, in every number format`() throws {
        struct Model: Decodable {
            var model: String
            var cases: [Case]
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let file = Golden.root.appending(path: "Goldens/ctranslate2-transliteration.json")
        let models = try decoder.decode([Model].self, from: Data(contentsOf: file))
        #expect(models.count == 3)
        for golden in models {
            let model = try TestModel(Self.transliteration.appending(path: golden.model))
            try Self.expectGolden(model, golden.cases, golden.model)
        }
    }
}
