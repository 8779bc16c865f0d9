import DragomanEngine
import Foundation
import Inference
import ModelFormats
import Testing
import Text

/// A BART that somebody else trained, English spelling to phonemes: its characters are a vocabulary in `config.json`. It
/// is not part of the project.
@Suite struct SharedBartTests {
    private struct Expected: Decodable {
        struct Found: Decodable {
            var ids: [Int]
            var score: Float
        }

        struct Word: Decodable {
            var word: String
            var inputIds: [Int32]
            var greedy: Found
            var beam4: [Found]
        }

        var cases: [Word]
    }

    private static let folder = URL(filePath: #filePath)
        .appending(path: "../../../../../shared/models/bart-g2p-en-us").standardizedFileURL
    private static let isThere = FileManager.default.fileExists(atPath: folder.appending(path: "config.json").path)

    @Test(.enabled(if: isThere, "the model is not there: ../shared/models/bart-g2p-en-us"))
    func `a BART that somebody else trained gives what transformers gives, greedy and beam 4`() throws {
        let model = try FamilyModel(Self.folder, precision: .float32)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let expected = try decoder.decode(
            Expected.self, from: Data(contentsOf: Self.folder.appending(path: "expected.json")))
        let configuration = model.bundle.configuration
        let frame = try #require(configuration.framing.frame())
        let tokenizer = try #require(try TextParts(model.bundle).tokenizer)
        for word in expected.cases {
            let body = try tokenizer.encode(word.word)
            #expect(frame.source(body) == word.inputIds, "\(word.word)")
            for (beams, wanted) in [(1, [word.greedy]), (4, word.beam4)] {
                var options = DecodingOptions()
                (options.beamSize, options.nBest) = (beams, wanted.count)
                options.maximumLength = 58
                let settings = try SearchSettings(
                    options, defaults: model.bundle.defaults, configuration: configuration, frame: frame,
                    sourceLength: body.count)
                let job = SegmentJob(source: frame.source(body), task: .search(segment: 0), settings: settings)
                let found = model.run([job], together: 1)[0]
                try #require(found.count == wanted.count)
                for (found, wanted) in zip(found, wanted) {
                    #expect(found.tokens + [2] == wanted.ids, "\(word.word)")
                    #expect(abs(found.score - wanted.score) < 1e-4, "\(word.word)")
                }
            }
        }
    }
}
