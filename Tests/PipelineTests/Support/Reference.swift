import DragomanEngine
import Foundation
import Glibc
import JobModel
import TestKit
import Worker

/// What jobs of one source come to without a daemon.
enum Reference {
    /// By the engine in this process.
    static func translations(of jobs: [Job]) async throws -> [Output] {
        let translator = try Translator()
        var outputs: [Output] = []
        for job in jobs {
            let request = TranslationRequest(job.sources[0], options: job.options, glossary: job.glossary)
            let content = ChunkContent(
                sources: job.sources, options: job.options, model: "", wantsTokens: job.wantsTokens)
            outputs.append(
                try await translator.translate(request).published(withTokens: content.wantsTokens).asDelivered)
        }
        return outputs
    }

    /// By `dragoman translate`, of which a hypothesis' text and score are read.
    static func commandOutputs(of jobs: [Job]) throws -> [[CommandHypothesis]] {
        let folder = try TemporaryFolder()
        let lines = try jobs.map { try JSONSerialization.data(withJSONObject: request($0), options: .sortedKeys) }
        let file = try folder.write("requests.jsonl", lines.joined(separator: Array("\n".utf8)))
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: try BuiltProgram.path("dragoman"))
        process.arguments = ["translate", "--input-format", "jsonl", "--json", file]
        process.standardOutput = output
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return try text.split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(CommandResult.self, from: Data($0)).hypotheses
        }
    }

    struct CommandHypothesis: Decodable, Equatable {
        var text: String
        var score: Float?
    }

    private struct CommandResult: Decodable {
        var hypotheses: [CommandHypothesis]
    }

    private static func request(_ job: Job) -> [String: Any] {
        func json(_ source: Source) -> Any {
            switch source {
            case .text(let text): text
            case .tokens(let tokens): tokens
            }
        }
        let options = job.options
        let pairs: [(String, Any?)] = [
            ("beam_size", options.beamSize), ("n_best", options.nBest), ("max_length", options.maximumLength),
            ("length_penalty", options.lengthPenalty.map { Double($0) }),
            ("sampling_top_k", options.samplingTopK), ("seed", options.seed), ("suppress", options.suppress),
            ("prefix", options.prefix.map(json)), ("alignments", options.alignments),
            ("return_scores", options.returnScores), ("split", options.split?.rawValue),
            ("max_segment_length", options.maximumSegmentLength), ("paragraphs", options.paragraphs),
            ("wrap", options.wrap), ("translate_numbers", options.translateNumbers),
            ("markup", options.markup?.rawValue), ("second_pass", options.secondPass),
        ]
        var request = Dictionary(uniqueKeysWithValues: pairs.compactMap { key, value in value.map { (key, $0) } })
        if let entries = job.glossary?.entries {
            request["glossary"] = Dictionary(uniqueKeysWithValues: entries.map { ($0.source, $0.target) })
        }
        if case .tokens(let tokens) = job.sources[0] {
            request["tokens"] = tokens
        } else {
            request["text"] = json(job.sources[0])
        }
        return request
    }
}

extension Output {
    /// Without what goes between worker and broker only.
    var asDelivered: Output {
        var output = self
        for index in hypotheses.indices { output.hypotheses[index].segmentScores = [] }
        return output
    }

    var bits: [UInt32?] {
        [confidence?.bitPattern] + hypotheses.flatMap { [$0.score?.bitPattern] + $0.tokenScores.map(\.bitPattern) }
    }
}
