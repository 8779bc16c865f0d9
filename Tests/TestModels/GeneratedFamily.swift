package import Foundation
import ModelFormats

/// A golden file of `Tests/Goldens/generated`: a family's files, and what transformers makes of weights that follow from
/// seeds (`Tests/Goldens/families.py`).
package struct GeneratedFamily: Sendable, CustomStringConvertible {
    package struct Case: Decodable, Sendable {
        package var seed: UInt64
        /// The model's own codes; both nil where it has none.
        package var languages: [String?]
        /// The segment's ids, and all that the encoder reads.
        package var body: [Int]
        package var encoder: [Int32]
        package var beamSize: Int
        package var hypotheses: [Hypothesis]
    }

    package struct Hypothesis: Decodable, Sendable {
        package var tokens: [Int]
        package var score: Float
        package var tokenScores: [Float]
    }

    package let name: String
    package let cases: [Case]
    private let files: [String: Data]
    private let tensors: [GeneratedTensor]
    private let dtype: String

    package static let all: [GeneratedFamily] = {
        let folder = URL(filePath: #filePath).appending(path: "../../Goldens/generated").standardizedFileURL
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().compactMap {
            try? GeneratedFamily(folder.appending(path: $0))
        }
    }()

    private init(_ file: URL) throws {
        struct Cases: Decodable { var cases: [Case] }
        name = file.deletingPathExtension().lastPathComponent
        let data = try Data(contentsOf: file)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        cases = try decoder.decode(Cases.self, from: data).cases
        guard let object = try JSONSerialization.jsonObject(with: data) as? [String: Any],
            let contents = object["files"] as? [String: Any], let rows = object["tensors"] as? [[Any]],
            let dtype = object["dtype"] as? String
        else { throw CocoaError(.propertyListReadCorrupt) }
        files = try contents.mapValues { try JSONSerialization.data(withJSONObject: $0) }
        tensors = try rows.map { try GeneratedTensor($0) }
        self.dtype = dtype
    }

    package var description: String { name }

    package static func named(_ name: String) -> GeneratedFamily? { all.first { $0.name == name } }

    package var seeds: [UInt64] { Set(cases.map(\.seed)).sorted() }

    /// Writes the model of a seed as a folder of the hub.
    package func write(seed: UInt64, to folder: URL) throws {
        for (name, contents) in files { try contents.write(to: folder.appending(path: name)) }
        // M2M-100's languages come right after the vocabulary's tokens.
        let count = name.hasPrefix("m2m") || name.hasPrefix("small") ? 52 : 46
        let vocabulary = Dictionary(uniqueKeysWithValues: (0..<count).map { ("w\($0)", $0) })
        try JSONEncoder().encode(vocabulary).write(to: folder.appending(path: "vocab.json"))
        var writer = SafeTensorsWriter()
        writer.tensors = tensors.map { $0.stored(seed: seed, dtype: dtype) }
        try writer.write(to: folder.appending(path: "model.safetensors").path)
    }
}
