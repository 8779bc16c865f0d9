import DragomanEngine
import Foundation
import TestKit
import Testing

/// Marian's own files translate as Marian translates them.
@Suite struct MarianGoldenTests {
    @Test(arguments: MarianGolden.floats + MarianGolden.levels)
    func `greedy outputs in floats are Marian's`(name: String) async throws {
        let golden = try MarianGolden(name)
        let found = try await translateTogether(golden.requests(), try golden.translator(.float32))
        for (row, translation) in zip(golden.cases, found) {
            #expect(translation.hypotheses[0].text == row.outputs["float32"], "\(name): \(row.text)")
        }
    }

    @Test(arguments: MarianGolden.floats)
    func `beams are Marian's`(name: String) async throws {
        let golden = try MarianGolden(name)
        let requests = golden.requests(beamSize: 4).map { request in
            var request = request
            request.options.lengthPenalty = 1
            return request
        }
        let found = try await translateTogether(requests, try golden.translator(.float32))
        for (row, translation) in zip(golden.cases, found) {
            #expect(translation.hypotheses[0].text == row.outputs["float32-beam4"], "\(name): \(row.text)")
        }
    }

    @Test(arguments: MarianGolden.floats + MarianGolden.levels, Precision.allCases)
    func `outputs do not depend on the batch, and packed models have them too`(
        name: String, precision: Precision
    ) async throws {
        let golden = try MarianGolden(name)
        let requests = golden.requests(beamSize: 3)
        let together = try await translateTogether(requests, try golden.translator(precision))
        let folder = try TemporaryFolder()
        try PackedFolder.write(golden.folder, to: folder.url, precision: precision)
        for instructionSet in Translator.instructionSets {
            let packed = try golden.translator(precision, model: folder.url, instructionSet: instructionSet)
            for (request, expected) in zip(requests, together).prefix(12) {
                #expect(try await packed.translate(request) == expected, "\(name), \(instructionSet)")
            }
        }
    }

    @Test func `a prefix is read as what was decoded`() async throws {
        let golden = try MarianGolden("ssru")
        let translator = try golden.translator(.float32)
        for request in golden.requests().prefix(20) {
            let whole = try await translator.translate(request).hypotheses[0]
            var prefixed = request
            let tokens = whole.tokens.prefix(3)
            if tokens.count < 3 { continue }
            prefixed.options.prefix = .tokens(Array(tokens))
            #expect(try await translator.translate(prefixed).hypotheses[0].text == whole.text)
        }
    }

    @Test func `the files' names tell the languages`() throws {
        let description = try ModelDescription(model: MarianGolden("ssru-int8").folder)
        #expect(description.sourceLanguage == "en")
        #expect(description.targetLanguage == "fr")
        #expect(description.configuration.family == "marian-nmt")
        #expect(description.configuration.decoderHistory == .simpleRecurrence)
        #expect(description.storedPrecision == "int8, float32")
        #expect(description.hasTokenizer)
    }
}
