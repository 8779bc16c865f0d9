import Foundation
import Inference
import ModelFormats
import TestKit
import Testing

/// A golden file of `Tests/Goldens/generated`: a family's files, and what transformers makes of weights that follow from
/// seeds (`Tests/Goldens/families.py`).
struct GeneratedFamily: Sendable, CustomTestStringConvertible {
    struct Case: Decodable, Sendable {
        var seed: UInt64
        /// The model's own codes; both nil where it has none.
        var languages: [String?]
        /// The segment's ids, and all that the encoder reads.
        var body: [Int]
        var encoder: [Int32]
        var beamSize: Int
        var hypotheses: [Hypothesis]
    }

    struct Hypothesis: Decodable, Sendable {
        var tokens: [Int]
        var score: Float
        var tokenScores: [Float]
    }

    let name: String
    let cases: [Case]
    private let files: [String: Data]
    private let tensors: [GeneratedTensor]
    private let dtype: String

    static let all: [GeneratedFamily] = {
        let folder = URL(filePath: #filePath).appending(path: "../../../Goldens/generated").standardizedFileURL
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
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let contents = try #require(object["files"] as? [String: Any])
        files = try contents.mapValues { try JSONSerialization.data(withJSONObject: $0) }
        tensors = try #require(object["tensors"] as? [[Any]]).map { try GeneratedTensor($0) }
        dtype = try #require(object["dtype"] as? String)
    }

    var testDescription: String { name }

    var seeds: [UInt64] { Set(cases.map(\.seed)).sorted() }

    /// Writes the model of a seed as a folder of the hub.
    func write(seed: UInt64, to folder: URL) throws {
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
