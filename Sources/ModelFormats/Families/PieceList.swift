internal import Foundation
internal import Tensors

/// Goes through the pieces of a folder's SentencePiece model, whose places are their ids.
enum PieceList {
    private static let names = ["spiece.model", "sentencepiece.model"]

    static func pieces(in folder: ModelFolder, _ take: (String, Int) -> Void) throws(ModelError) {
        if let name = names.first(where: folder.contains) {
            try piecesOfModel(
                try folder.bytes(name, byteCountMax: ModelFolder.vocabularyBytesMax), folder.path(name), take)
        } else if folder.contains("tokenizer.json") {
            try piecesOfTokenizer(folder, take)
        }
    }

    /// `ModelProto` of `sentencepiece_model.proto`: field 1 is a piece, whose field 1 is its text.
    private static func piecesOfModel(
        _ bytes: [UInt8], _ file: String, _ take: (String, Int) -> Void
    ) throws(ModelError) {
        var count = 0
        try fields(bytes[...], file) { (number, value) throws(ModelError) in
            guard number == 1 else { return }
            try fields(value, file) { (number, value) throws(ModelError) in
                if number == 1 { take(String(decoding: value, as: UTF8.self), count) }
            }
            count += 1
        }
    }

    /// Calls `take` with each field of a message that has a length; others are passed over.
    private static func fields(
        _ message: ArraySlice<UInt8>, _ file: String,
        _ take: (_ number: UInt64, ArraySlice<UInt8>) throws(ModelError) -> Void
    ) throws(ModelError) {
        var rest = message
        func damaged() -> ModelError {
            ModelError(.malformedFile, file: file, "not a SentencePiece model, or a damaged one")
        }
        func number() throws(ModelError) -> UInt64 {
            var value: UInt64 = 0
            for shift in stride(from: UInt64(0), to: 64, by: 7) {
                guard let byte = rest.popFirst() else { throw damaged() }
                value |= UInt64(byte & 0x7F) << shift
                if byte < 0x80 { return value }
            }
            throw damaged()
        }
        func skip(_ count: Int) throws(ModelError) -> ArraySlice<UInt8> {
            guard count <= rest.count else { throw damaged() }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
        while !rest.isEmpty {
            let key = try number()
            switch key & 7 {
            case 0: _ = try number()
            case 1: _ = try skip(8)
            case 2: try take(key >> 3, try skip(Int(clamping: try number())))
            case 5: _ = try skip(4)
            default: throw damaged()
            }
        }
    }

    /// `tokenizer.json` of a unigram model: a list of pieces, each with its score.
    private static func piecesOfTokenizer(
        _ folder: ModelFolder, _ take: (String, Int) -> Void
    ) throws(ModelError) {
        let bytes = try folder.bytes("tokenizer.json", byteCountMax: ModelFolder.vocabularyBytesMax)
        var scanner = JSONScanner(bytes, file: folder.path("tokenizer.json"))
        try scanner.object { (key, scanner) throws(ModelError) in
            guard key == "model", try scanner.kind() == .object else { return try scanner.skipValue() }
            try scanner.object { (key, scanner) throws(ModelError) in
                guard key == "vocab", try scanner.kind() == .array else { return try scanner.skipValue() }
                var count = 0
                try scanner.array { (scanner) throws(ModelError) in
                    if case .array(let parts) = try JSONValue(&scanner), case .string(let piece)? = parts.first {
                        take(piece, count)
                    }
                    count += 1
                }
            }
        }
    }
}
