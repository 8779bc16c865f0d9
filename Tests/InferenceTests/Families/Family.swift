import Foundation
import Inference
import ModelFormats

/// A family with a trained golden model; the goldens read a source that ends with the end of the sentence, whatever the
/// family's own tokenizer puts around it.
enum Family: String, CaseIterable, Sendable {
    case bart
    case mbart
    case m2m100
    case t5ReLU = "t5-relu"
    case t5Gated = "t5-gated"

    var golden: Golden { Golden("families/\(rawValue)") }

    func model() throws -> TestModel {
        let bundle = try ModelBundle.load(golden.model)
        let configuration = bundle.configuration
        let transformer = try Transformer(configuration: configuration, precision: .float32, from: bundle.weights)
        let settings = try JSONDecoder().decode(
            Settings.self, from: Data(contentsOf: golden.model.appending(path: "config.json")))
        return TestModel(
            transformer, defaults: bundle.defaults,
            frame: SegmentFrame(
                sourceSuffix: [configuration.specials.endOfSentence], decoderStart: settings.decoderStart))
    }

    private struct Settings: Decodable {
        var decoderStart: Int

        private enum CodingKeys: String, CodingKey {
            case decoderStart = "decoder_start_token_id"
        }
    }
}
