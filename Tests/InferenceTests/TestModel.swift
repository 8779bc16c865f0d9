import Foundation
import Inference
import ModelFormats
import Tensors
import TestKit
import Testing

/// A model and one replica of it, driven by hand.
struct TestModel {
    let transformer: Transformer
    let defaults: GenerationDefaults
    let frame: SegmentFrame
    var kernels: Kernels

    init(_ directory: URL, precision: Precision = .float32, kernels: Kernels = .best) throws {
        let bundle = try ModelBundle.load(directory)
        transformer = try Transformer(
            configuration: bundle.configuration, precision: precision, from: bundle.weights)
        defaults = bundle.defaults
        frame = try #require(bundle.configuration.framing.frame(), "a decoder that starts with a token")
        self.kernels = kernels
    }

    init(
        _ transformer: Transformer, defaults: GenerationDefaults, frame: SegmentFrame, kernels: Kernels = .best
    ) {
        self.transformer = transformer
        self.frame = frame
        self.defaults = defaults
        self.kernels = kernels
    }

    var configuration: ModelConfiguration { transformer.configuration }

    func replica(batchTokens: Int = 1024) -> Replica {
        Replica(transformer: transformer, batchTokens: batchTokens, kernels: kernels)
    }

    /// - Parameter source: Without `</s>`.
    func search(
        _ source: [Int], _ options: DecodingOptions = DecodingOptions(), segment: Int = 0
    ) throws -> SegmentJob {
        SegmentJob(
            source: framed(source), task: .search(segment: segment), settings: try settings(options, source.count))
    }

    func score(_ source: [Int], target: [Int], _ options: DecodingOptions = DecodingOptions()) throws -> SegmentJob {
        SegmentJob(
            source: framed(source), task: .score(target: target.map(Int32.init)),
            settings: try settings(options, source.count))
    }

    func settings(_ options: DecodingOptions, _ sourceLength: Int) throws -> SearchSettings {
        try SearchSettings(
            options, defaults: defaults, configuration: configuration, frame: frame, sourceLength: sourceLength)
    }

    /// What the encoder reads.
    func framed(_ source: [Int]) -> [Int32] { frame.source(source) }

    /// Decodes jobs in groups of `together` on one replica, all of a group at once.
    func run(_ jobs: [SegmentJob], together: Int = 16) -> [[TokenHypothesis]] {
        let replica = replica()
        var results = [[TokenHypothesis]](repeating: [], count: jobs.count)
        for start in stride(from: 0, to: jobs.count, by: together) {
            let group = start..<min(start + together, jobs.count)
            replica.start(group.map { (id: UInt64($0), job: jobs[$0]) })
            while !replica.isIdle { replica.step { results[Int($0)] = $1 } }
        }
        return results
    }

    /// Decodes jobs on one replica in random order, in groups of random sizes that join between any two steps.
    func runInterleaved(_ jobs: [SegmentJob], batchTokens: Int, using random: inout SeededRandom) -> [[TokenHypothesis]]
    {
        let replica = replica(batchTokens: batchTokens)
        var results = [[TokenHypothesis]](repeating: [], count: jobs.count)
        var rest = jobs.indices.shuffled(using: &random)[...]
        let largest = random.integer(1...24)
        while !rest.isEmpty || !replica.isIdle {
            if replica.isIdle || random.integer(0...3) == 0 {
                let group = rest.prefix(random.integer(1...largest))
                rest = rest.dropFirst(group.count)
                replica.start(group.map { (id: UInt64($0), job: jobs[$0]) })
            }
            replica.step { results[Int($0)] = $1 }
        }
        return results
    }
}
