import ArgumentParser
import DragomanCommand
import DragomanEngine
import Foundation
import JobModel
import Testing

@Suite struct TranslateOptionsTests {
    @Test func `no flags leave everything to the model`() throws {
        #expect(try Translate.parse([]).options == SearchOptions())
    }

    @Test func `every option has a flag`() throws {
        let arguments = """
            --beam-size 4 --n-best 2 --length-penalty -0.6 --max-length 50 --min-length 2 --max-length-ratio 1.5
            --min-length-ratio 0.5 --early-stopping heuristic --patience 2 --repetition-penalty 1.2
            --no-repeat-ngram-size 3 --suppress - --suppress=▁a --force-first-token >>fra<< --prefix -x
            --no-renormalize-scores --no-return-scores --no-disallow-unknown --no-second-pass --alignments --json
            """.split { $0.isWhitespace }.map(String.init)
        var expected = SearchOptions()
        expected.beamSize = 4
        expected.nBest = 2
        expected.lengthPenalty = -0.6
        expected.maximumLength = 50
        expected.minimumLength = 2
        expected.maximumLengthRatio = 1.5
        expected.minimumLengthRatio = 0.5
        expected.earlyStopping = .heuristic
        expected.patience = 2
        expected.repetitionPenalty = 1.2
        expected.noRepeatNgramSize = 3
        expected.suppress = ["-", "▁a"]
        expected.forceFirstToken = ">>fra<<"
        expected.prefix = .text("-x")
        expected.renormalizeScores = false
        expected.alignments = true
        expected.returnScores = false
        expected.disallowUnknown = false
        expected.secondPass = false
        #expect(try Translate.parse(arguments).options == expected)
    }

    @Test func `the flags of segments`() throws {
        let arguments = """
            --split newlines --max-segment-length 40 --paragraphs --wrap 72 --translate-numbers --input-format text
            """.split { $0.isWhitespace }.map(String.init)
        var expected = SearchOptions()
        expected.split = .newlines
        expected.maximumSegmentLength = 40
        expected.paragraphs = true
        expected.wrap = 72
        expected.translateNumbers = true
        #expect(try Translate.parse(arguments).options == expected)
        for (name, rule) in [("none", SplitRule.nowhere), ("newlines", .newlines), ("sentences", .sentences)] {
            #expect(try Translate.parse(["--split", name]).options.split == rule)
        }
    }

    @Test func `the flags of sampling`() throws {
        let arguments = ["--sampling-top-k", "5", "--sampling-top-p", "0.9", "--temperature", "0.7", "--seed", "9"]
        let options = try Translate.parse(arguments).options
        #expect(options.isSampling)
        #expect(options.samplingTopK == 5)
        #expect(options.samplingTopP == 0.9)
        #expect(options.temperature == 0.7)
        #expect(options.seed == 9)
    }

    @Test(arguments: [
        ("--beam-size 0", "--beam-size must be 1 to 256, not 0"),
        ("--max-segment-length 0", "--max-segment-length must be 1 or more, not 0"),
        ("--wrap 72", "--wrap (72) needs --paragraphs"),
        ("--paragraphs --wrap 0 --input-format text", "--wrap must be 1 or more, not 0"),
        ("--paragraphs", "--paragraphs joins lines: give --input-format text or jsonl"),
        ("--split lines", "'none', 'newlines' or 'sentences'"),
        ("--n-best 5 --beam-size 4", "--n-best must be at most --beam-size (4), not 5"),
        ("--seed 1 --beam-size 2", "--beam-size must be 1 when sampling, not 2"),
        ("--length-penalty nan", "--length-penalty must be between -8 and 8, not nan"),
        ("--min-length 5 --max-length 4", "--min-length (5) must be at most --max-length (4)"),
        ("--patience 0", "--patience must be between 0.001 and 100"),
        ("--sampling-top-p 1.5", "--sampling-top-p must be above 0 and at most 1"),
        ("--temperature 0", "--temperature must be between 0.001 and 1000"),
        ("--force-first-token=a_b", "--force-first-token must be one token, not a b"),
        ("--suppress=_", "--suppress must be one or more tokens"),
        ("--threads 0", "--threads must be 1 or more, not 0"),
        ("--batch-tokens 0", "--batch-tokens must be 1 or more, not 0"),
        ("--alignments", "--alignments needs --json"),
        ("--precision int4", "must be int8 or float32"),
        ("--early-stopping soon", "'full', 'heuristic' or 'never'"),
        ("--input-format xml", "'text', 'lines', 'tokens' or 'jsonl'"),
        ("--score a --input-format jsonl", "have their own"),
        ("--score a --input-format text", "--score needs lines or tokens"),
        ("--score -", "cannot both be standard input"),
        ("--no-return-scores --score a", "--score writes nothing but scores"),
        ("--no-return-scores --n-best 2 --beam-size 2", "needs --json"),
        ("one two", "Unexpected argument 'two'"),
    ])
    func `a wrong argument is a usage error that names it`(arguments: String, message: String) throws {
        let error = try #require(throws: (any Error).self) {
            // An underscore stands for a space within an argument.
            try Translate.parse(arguments.split(separator: " ").map { String($0).replacing("_", with: " ") })
        }
        #expect(Translate.exitCode(for: error).rawValue == ExitStatus.usage.rawValue)
        #expect(Translate.message(for: error).contains(message), "\(Translate.message(for: error))")
    }

    @Test func `samples may be more than the beam`() throws {
        #expect(try Translate.parse(["--seed", "1", "--n-best", "9"]).options.nBest == 9)
    }

    @Test(arguments: [
        ([], InputFormat.lines, ResultFormat.Style.best),
        (["--n-best", "2"], .lines, .list),
        (["--score", "a"], .lines, .score),
        (["--score", "a", "--json"], .lines, .json),
        (["--input-format", "tokens"], .tokens, .best),
        (["--input-format", "jsonl"], .jsonl, .json),
        (["--input-format", "jsonl", "--alignments"], .jsonl, .json),
        (["--input-format", "text", "--json"], .text, .json),
    ])
    func `formats follow from the arguments`(
        arguments: [String], input: InputFormat, style: ResultFormat.Style
    ) throws {
        let file = try TemporaryFile()
        let session = try Translate.parse(arguments).session(
            input: file.input(), targets: nil, output: file.output, messages: file.output
        ) { .capitals($0) }
        #expect(session.parser.format == input)
        #expect(session.format == ResultFormat(style: style, input: input))
    }
}
