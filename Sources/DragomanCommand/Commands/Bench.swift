package import ArgumentParser
import DragomanEngine
import Foundation
import Inference

/// `dragoman bench`
package struct Bench: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        abstract: "Measures how fast a model translates on this machine.",
        discussion: """
            Throughput: all requests are in flight at once, and the engine batches them. Latency (--latency): one \
            request after the other, each alone. Loading the model is not counted. Tokens are target tokens without \
            </s>, those of the best hypothesis.

            The lines after that say how near the machine's limits it came; these were just measured on one core while \
            the others had nothing to do. Products: multiply-adds with weights, and the most that a core does on \
            registers. Weights: the bytes that every step reads, and the speed at which a core reads so many in order; \
            throughput is bound by the first, latency by the second. Batches: how many hypotheses were decoded \
            together, and how much of --batch-tokens was in use. Padding: what batches padded to their longest segment \
            would have computed for nothing. Logits (greedy search of few sentences at a time with \
            --no-return-scores, int8): how many had to be computed; the others were shown to be too small.

            Examples:
              dragoman bench
              dragoman bench --model opus-mt-en-de --threads 1 --beam-size 1 news.txt
              dragoman bench --model random --tokens workload.tokens --json
            """
    )

    @OptionGroup(title: "Engine")
    var engine: EngineFlags

    @OptionGroup(title: "Languages")
    var languages: LanguageFlags

    @Option(help: ArgumentHelp("Hypotheses kept alive at every step. (default: the model's)", valueName: "n"))
    var beamSize: Int?

    @Flag(inversion: .prefixedNo, help: "Give translations their scores. Greedy search is faster without.")
    var returnScores = true

    @Flag(help: "Measure the latency of single requests, not throughput.")
    var latency = false

    @Flag(
        help: """
            The file has model tokens, not text; a number and a tab before them is the exact length of the output, for \
            models whose weights are random.
            """)
    var tokens = false

    @Option(
        help: ArgumentHelp(
            "Requests in flight at a time, to compare with fixed batches. (default: all)", valueName: "n"))
    var batch: Int?

    @Option(help: ArgumentHelp("How often the whole file is translated.", valueName: "n"))
    var `repeat` = 3

    @Flag(help: "Write one JSON object.")
    var json = false

    @Argument(
        help: ArgumentHelp("Requests, one a line. (default: English sentences of many lengths)", valueName: "file"),
        completion: .file())
    var file: String?

    package init() {}

    package func validate() throws {
        guard `repeat` >= 1 else { throw ValidationError("--repeat must be 1 or more, not \(`repeat`)") }
        if let beamSize, beamSize < 1 { throw ValidationError("--beam-size must be 1 or more, not \(beamSize)") }
        if let batch, batch < 1 { throw ValidationError("--batch must be 1 or more, not \(batch)") }
        if tokens && file == nil { throw ValidationError("--tokens needs a file") }
    }

    package func run() async throws {
        let workload = try workload()
        let translator = try engine.translator(cacheBytes: 0)
        let measurement = Measurement(
            workload: workload, isLatency: latency, inFlight: batch, repetitions: `repeat`)
        let machine = translator.engine.machineSpeed()
        var figures: BenchFigures
        var before = ComputedWork()
        let progress = BackgroundProgress(unit: "requests", total: measurement.requestCount)
        defer { progress.end() }
        do {
            figures = try await measurement.run {
                try await translator.translate($0)
            } begin: {
                before = translator.work
                progress.begin()
            } each: {
                progress.add()
            }
        } catch {
            throw CommandError(.requestsFailed, String(describing: error))
        }
        progress.end()
        figures.load = BenchLoad(
            translator.work - before, seconds: figures.seconds.reduce(0, +), engine: translator.engine,
            machine: machine)
        try OutputFile.standardOutput.finish(with: json ? figures.json : Array(figures.text.utf8))
    }

    private func workload() throws -> BenchWorkload {
        var options = SearchOptions()
        options.beamSize = beamSize
        options.returnScores = returnScores
        let languages = languages.languages
        guard let file else {
            return BenchWorkload(sentences: BenchWorkload.sample, options: options, languages: languages)
        }
        let lines = try lines(of: file)
        guard tokens else {
            return BenchWorkload(sentences: lines.map(\.text), options: options, languages: languages)
        }
        let tokenLines = try lines.map { line in
            do throws(RequestError) {
                return try TokenLine(line.text)
            } catch {
                throw CommandError(.badData, "\(file):\(line.number): \(error.message)")
            }
        }
        return BenchWorkload(tokenLines: tokenLines, options: options, languages: languages)
    }

    /// The lines that are not empty; at least one.
    private func lines(of file: String) throws -> [(number: Int, text: String)] {
        do {
            var reader = LineReader(read: try InputFile(file).read)
            var lines: [(number: Int, text: String)] = []
            while let line = try reader.next() {
                guard !line.isTooLong, let text = String(validating: line.content, as: UTF8.self) else {
                    throw CommandError(.badData, "\(file):\(line.number): not a line of UTF-8 text")
                }
                if !text.isEmpty { lines.append((line.number, text)) }
            }
            guard !lines.isEmpty else { throw CommandError(.badData, "\(file): has no requests") }
            return lines
        } catch let error as SystemError {
            throw CommandError(.noInput, String(describing: error))
        }
    }
}
