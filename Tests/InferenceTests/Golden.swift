import Foundation

/// The golden files of one model; `Tests/Goldens/README.md` says what is in them and how they were made.
struct Golden {
    let name: String
    /// The folder of the cases.
    let directory: URL
    /// The folder of the model.
    let model: URL

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    init(_ name: String) {
        self.name = name
        directory = Self.root.appending(path: "Goldens/\(name)")
        model =
            name == "demo-en-fr"
            ? Self.root.deletingLastPathComponent().appending(path: "Sources/DragomanEngine/Resources/demo-en-fr")
            : directory
    }

    struct Case: Decodable, Sendable {
        struct Hypothesis: Decodable, Sendable {
            var tokens: [Int]
            var score: Float
            var tokenScores: [Float]
            var finished: Bool
        }

        var source: [Int]
        var options: GoldenOptions
        var hypotheses: [Hypothesis]
    }

    struct State: Decodable, Sendable {
        var source: [Int]
        var target: [Int]
        var logProbs: [Float]
        var topTokens: [[Int]]?
        var topLogits: [[Float]]?
    }

    func cases() throws -> [Case] {
        struct File: Decodable { var cases: [Case] }
        return try read("cases.json", as: File.self).cases
    }

    func states() throws -> [State] {
        struct File: Decodable { var cases: [State] }
        return try read("states.json", as: File.self).cases
    }

    private func read<Contents: Decodable>(_ file: String, as type: Contents.Type) throws -> Contents {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(contentsOf: directory.appending(path: file)))
    }
}
