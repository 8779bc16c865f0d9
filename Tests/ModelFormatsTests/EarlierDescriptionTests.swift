import Foundation
import Inference
import ModelFormats
import Testing

/// Packed files of older versions describe their models without what has come since.
@Suite struct EarlierDescriptionTests {
    @Test func `a description of an older version is read as it was meant`() throws {
        let bundle = try ModelBundle.load(Fixtures.demoModel)
        let description = PackedDescription(bundle, precision: .int8)
        let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(description))
        var old = try #require(json as? [String: Any])
        var configuration = try #require(old["configuration"] as? [String: Any])
        var specials = try #require(configuration["specials"] as? [String: Any])
        var normalization = try #require(configuration["normalization"] as? [String: Any])
        configuration["framing"] = nil
        for key in ["otherEnds", "hidden"] { specials[key] = nil }
        specials["decoderStart"] = 8000
        specials["endsSource"] = true
        normalization["precedesPositions"] = nil
        configuration["specials"] = specials
        configuration["normalization"] = normalization
        old["configuration"] = configuration
        var defaults = try #require(old["defaults"] as? [String: Any])
        defaults["noSourceNgramSize"] = nil
        old["defaults"] = defaults
        old["languages"] = nil
        old["sourceLanguage"] = "eng"
        old["targetLanguage"] = "fra"
        let read = try JSONDecoder().decode(
            PackedDescription.self, from: JSONSerialization.data(withJSONObject: old))
        #expect(read == description)
    }
}
