import Foundation
import ModelFormats
import TestKit
import Testing
import Text

/// What cannot be read is named.
@Suite struct HubTokenizerErrorTests {
    private static func folder(_ files: [String: String]) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write("config.json", #"{"model_type": "t5"}"#)
        for (name, text) in files { try folder.write(name, text) }
        return folder
    }

    private static func read(_ folder: TemporaryFolder, size: Int) throws -> TokenizerRecipe? {
        try withExtendedLifetime(folder) { try HubTokenizer.read(folder.url, size: size) }
    }

    private static func file(_ member: String, model: String = #"{"type":"BPE","vocab":{"a":0},"merges":[]}"#) -> String
    {
        "{\(member)\(member.isEmpty ? "" : ",")\"model\":\(model)}"
    }

    @Test(arguments: [
        (#""normalizer":{"type":"Reverse"}"#, "the normalizer \"Reverse\""),
        (#""pre_tokenizer":{"type":"UnicodeScripts"}"#, "the pre-tokenizer \"UnicodeScripts\""),
        (#""decoder":{"type":"CTC"}"#, "the decoder \"CTC\""),
        (#""normalizer":{"type":"Replace","pattern":{"Regex":"(a+)+$"},"content":""}"#, "(a+)+$"),
        (#""decoder":{"type":"Sequence","decoders":[{"type":"Sequence","decoders":[{"type":"X"}]}]}"#, "\"X\""),
    ])
    func `a step that is not supported is named`(member: String, name: String) throws {
        let folder = try Self.folder(["tokenizer.json": Self.file(member)])
        let error = #expect(throws: ModelError.self) { try Self.read(folder, size: 10) }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains(name) == true, "\(error?.message ?? "")")
    }

    @Test(arguments: [
        #"{"type":"WordLevel","vocab":{"a":0},"unk_token":"a"}"#,
        #"{"type":"BPE","vocab":{"a":0,"b":0},"merges":[]}"#,
        #"{"type":"BPE","vocab":{"a":0},"merges":[["a","b"]]}"#,
        #"{"type":"BPE","vocab":{"a":0},"merges":["a"]}"#,
        #"{"type":"BPE","vocab":{"a":0},"merges":[],"dropout":0.1}"#,
        #"{"type":"BPE","vocab":{"a":0},"merges":[],"unk_token":"b"}"#,
        #"{"type":"BPE","vocab":{"a":-1},"merges":[]}"#,
        #"{"type":"BPE","vocab":{"a":99999999},"merges":[]}"#,
        #"{"type":"Unigram","vocab":[["a",0.5]],"unk_id":1}"#,
        #"{"type":"Unigram","vocab":[["a"]],"unk_id":0}"#,
        #"{"type":"Unigram","vocab":[],"unk_id":0}"#,
        #"{"type":"WordPiece","vocab":{"a":0},"unk_token":"b","continuing_subword_prefix":"","max_input_chars_per_word":9}"#,
    ])
    func `a model that contradicts itself is refused`(model: String) throws {
        let folder = try Self.folder(["tokenizer.json": Self.file("", model: model)])
        let error = #expect(throws: ModelError.self) { try Self.read(folder, size: 10) }
        #expect(error?.file.hasSuffix("tokenizer.json") == true)
    }

    @Test(arguments: [
        ("T5Tokenizer", "spiece.model"), ("MBartTokenizer", "sentencepiece.bpe.model"),
        ("M2M100Tokenizer", "vocab.json"), ("BartTokenizer", "vocab.json"), ("FSMTTokenizer", "vocab-src.json"),
        ("BlenderbotSmallTokenizer", "vocab.json"), ("PLBartTokenizer", "sentencepiece.bpe.model"),
    ])
    func `a file that the class needs is named`(className: String, file: String) throws {
        let folder = try Self.folder([
            "tokenizer_config.json": #"{"tokenizer_class":"\#(className)","langs":["en","de"]}"#
        ])
        let error = #expect(throws: ModelError.self) { try Self.read(folder, size: 10) }
        #expect(error?.code == .missingFile)
        #expect(error?.message.contains("lacks \(file)") == true, "\(error?.message ?? "")")
    }

    @Test func `a folder without a tokenizer takes tokens only`() throws {
        #expect(try Self.read(Self.folder([:]), size: 10) == nil)
    }

    @Test func `steps that double a text again and again are stopped`() throws {
        let doubling = #"{"type":"Replace","pattern":{"String":"a"},"content":"aa"}"#
        let steps = Array(repeating: doubling, count: 60).joined(separator: ",")
        let folder = try Self.folder([
            "tokenizer.json": Self.file(#""normalizer":{"type":"Sequence","normalizers":[\#(steps)]}"#)
        ])
        let recipe = try #require(try Self.read(folder, size: 10))
        let tokenizer = try Tokenizer(
            recipe, specials: .init(endOfSentence: 0, unknown: 0, padding: 0), size: 10, name: "a test")
        let error = #expect(throws: TextError.self) { try tokenizer.encode("a") }
        #expect(error?.code == .tokenization)
    }

    @Test func `characters that the configuration lists are the vocabulary`() throws {
        let folder = try Self.folder([:])
        try folder.write(
            "config.json", #"{"model_type":"bart","grapheme_chars":"____abé","phoneme_chars":"____ɑbe"}"#)
        let recipe = try #require(try Self.read(folder, size: 7))
        let tokenizer = try Tokenizer(
            recipe, specials: .init(endOfSentence: 2, unknown: 3, padding: 0), size: 7, name: "a test")
        #expect(try tokenizer.encode("aéb_x") == [4, 6, 5, 3, 3])
        #expect(try tokenizer.encodeTarget("bɑ") == [5, 4])
        #expect(try tokenizer.decode([1, 4, 5, 6, 2]) == "ɑbe")
    }
}
