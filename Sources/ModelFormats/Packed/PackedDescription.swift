internal import Foundation
package import Inference

/// What a packed file says about its model.
package struct PackedDescription: Codable, Equatable, Sendable {
    package var configuration: ModelConfiguration
    package var defaults: GenerationDefaults
    package var precision: Precision
    package var parameterCount: Int
    package var languages: ModelLanguages
    /// Of a shortlist whose tables are in the file.
    package var shortlist: Shortlist.Rules?

    package init(_ bundle: ModelBundle, precision: Precision) {
        configuration = bundle.configuration
        defaults = bundle.defaults
        self.precision = precision
        parameterCount = bundle.parameterCount
        languages = bundle.languages
        shortlist = bundle.shortlist?.rules
    }

    /// What older versions wrote in place of `languages`.
    private struct Earlier: Decodable {
        var sourceLanguage: String?
        var targetLanguage: String?
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        configuration = try values.decode(ModelConfiguration.self, forKey: .configuration)
        defaults = try values.decode(GenerationDefaults.self, forKey: .defaults)
        precision = try values.decode(Precision.self, forKey: .precision)
        parameterCount = try values.decode(Int.self, forKey: .parameterCount)
        shortlist = try values.decodeIfPresent(Shortlist.Rules.self, forKey: .shortlist)
        if let languages = try values.decodeIfPresent(ModelLanguages.self, forKey: .languages) {
            self.languages = languages
        } else {
            let earlier = try Earlier(from: decoder)
            languages = ModelLanguages(source: earlier.sourceLanguage, target: earlier.targetLanguage)
        }
    }

    /// - Throws: `ModelError`, also for a model that is not within the limits which every reader keeps to.
    init(json: String, file: String) throws(ModelError) {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
        } catch {
            throw ModelError(
                .malformedFile, file: file, "its description of the model cannot be read: \(Self.words(error))",
                remedy: PackedModel.remedy)
        }
        if let problem = configuration.problem ?? defaults.problem(configuration) ?? languages.problem(configuration) {
            throw ModelError(
                .invalidValue, file: file, "its description of the model: \(problem)", remedy: PackedModel.remedy)
        }
    }

    func json() throws(ModelError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        do {
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        } catch {
            throw ModelError(.invalidValue, file: "", "the model cannot be described: \(Self.words(error))")
        }
    }

    private static func words(_ error: any Error) -> String {
        let context: DecodingError.Context?
        switch error {
        case DecodingError.keyNotFound(let key, _): return "\(ModelError.quoted(key.stringValue)) is not given"
        case DecodingError.typeMismatch(_, let found): context = found
        case DecodingError.valueNotFound(_, let found): context = found
        case DecodingError.dataCorrupted(let found): context = found
        default: context = nil
        }
        let path = context?.codingPath.map(\.stringValue).joined(separator: ".") ?? ""
        return path.isEmpty ? "not as it was written" : "\(ModelError.quoted(path)) has a value that it cannot have"
    }
}
