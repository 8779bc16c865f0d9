import ArgumentParser
import DragomanCommand
import DragomanEngine
import Foundation
import JobModel
import Testing

/// Every option is a flag and a key of JSON requests, by the same name and with the same effect.
@Suite struct OptionCorrespondenceTests {
    /// What requests of one run share.
    private static let flagsOfTheRun: Set<String> = [
        "--model", "--precision", "--threads", "--batch-tokens", "--cache-bytes", "--input-format", "--json", "--score",
        "--help", "--format", "--keys", "--output", "--glossary", "--memory",
        "--version", "--source-language", "--target-language", "--shortlist",
    ]
    /// What requests are about.
    private static let keysOfInput: Set<String> = [
        "text", "tokens", "target", "source_language", "target_language", "glossary",
    ]

    /// A key, the arguments that give it a value, and the same value in JSON.
    private static let values: [(key: String, arguments: [String], json: String)] = [
        ("beam_size", ["--beam-size", "7"], "7"),
        ("n_best", ["--n-best", "3"], "3"),
        ("length_penalty", ["--length-penalty", "0.6"], "0.6"),
        ("max_length", ["--max-length", "50"], "50"),
        ("min_length", ["--min-length", "2"], "2"),
        ("max_length_ratio", ["--max-length-ratio", "1.5"], "1.5"),
        ("min_length_ratio", ["--min-length-ratio", "0.5"], "0.5"),
        ("early_stopping", ["--early-stopping", "never"], "\"never\""),
        ("patience", ["--patience", "2.5"], "2.5"),
        ("repetition_penalty", ["--repetition-penalty", "1.2"], "1.2"),
        ("no_repeat_ngram_size", ["--no-repeat-ngram-size", "4"], "4"),
        ("suppress", ["--suppress", "▁x ▁y", "--suppress", "z"], "[\"▁x ▁y\", \"z\"]"),
        ("force_first_token", ["--force-first-token", ">>fra<<"], "\">>fra<<\""),
        ("prefix", ["--prefix", "La gare"], "\"La gare\""),
        ("renormalize_scores", ["--no-renormalize-scores"], "false"),
        ("sampling_top_k", ["--sampling-top-k", "5"], "5"),
        ("sampling_top_p", ["--sampling-top-p", "0.9"], "0.9"),
        ("temperature", ["--temperature", "0.7"], "0.7"),
        ("seed", ["--seed", "9"], "9"),
        ("alignments", ["--alignments"], "true"),
        ("return_scores", ["--no-return-scores"], "false"),
        ("disallow_unknown", ["--no-disallow-unknown"], "false"),
        ("split", ["--split", "newlines"], "\"newlines\""),
        ("max_segment_length", ["--max-segment-length", "40"], "40"),
        ("paragraphs", ["--paragraphs"], "true"),
        ("wrap", ["--wrap", "72", "--paragraphs"], "72, \"paragraphs\": true"),
        ("translate_numbers", ["--translate-numbers"], "true"),
        ("markup", ["--markup", "html"], "\"html\""),
        ("ignore_tags", ["--ignore-tags", "x", "--markup", "xml"], "[\"x\"], \"markup\": \"xml\""),
        ("splitting_tags", ["--splitting-tags", "x", "--markup", "xml"], "[\"x\"], \"markup\": \"xml\""),
        ("non_splitting_tags", ["--non-splitting-tags", "x", "--markup", "xml"], "[\"x\"], \"markup\": \"xml\""),
        ("second_pass", ["--no-second-pass"], "false"),
    ]

    /// As ArgumentParser itself lists them.
    private func flags() throws -> Set<String> {
        struct Dump: Decodable {
            var command: Command
            struct Command: Decodable { var arguments: [Argument] }
            struct Argument: Decodable { var names: [Name]? }
            struct Name: Decodable {
                var kind: String
                var name: String
            }
        }
        let dump = try JSONDecoder().decode(Dump.self, from: Data(Translate._dumpHelp().utf8))
        let names = dump.command.arguments.flatMap { $0.names ?? [] }
            .filter { $0.kind == "long" }
            .map { "--\($0.name)" }
        // An inverted flag is the same option.
        return Set(names.filter { !$0.hasPrefix("--no-") || !names.contains("--" + $0.dropFirst("--no-".count)) })
    }

    private func options(_ json: String, defaults: SearchOptions = SearchOptions()) throws -> SearchOptions {
        let line = Line(number: 1, content: Array(json.utf8), ending: .newline)
        return try RequestParser(format: .jsonl, options: defaults).request(line).options
    }

    @Test func `flags and keys have the same names, and all are walked over here`() throws {
        let keys = JSONRequest.keys.subtracting(Self.keysOfInput)
        let flags = try flags().subtracting(Self.flagsOfTheRun)
        #expect(Set(keys.map { "--" + $0.replacing("_", with: "-") }) == flags)
        #expect(Set(Self.values.map(\.key)) == keys)
        #expect(Self.values.count == keys.count)
    }

    @Test(arguments: values)
    func `a flag and a key do the same`(key: String, arguments: [String], json: String) throws {
        let flags = try Translate.parse(arguments + ["--input-format", "jsonl"]).options
        #expect(flags != SearchOptions(), "the flag has no effect")
        #expect(try options("{\"text\": \"a\", \"\(key)\": \(json)}") == flags, "the key differs")
        #expect(try options("{\"text\": \"a\"}", defaults: flags) == flags, "the flag is no default")
    }
}
