internal import Tensors

/// What a SentencePiece model's file says (`sentencepiece_model.proto`, as protobuf's wire format has it).
///
/// Fields that are not named here are passed over. Only groups, which no version of the format has, are refused.
struct SentencePieceFile {
    struct Piece {
        var text: String
        var score: Float
        var kind: Int
    }

    enum Kind {
        static let unknown = 2
        static let control = 3
        static let userDefined = 4
    }

    static let piecesMax = 1 << 22

    var pieces: [Piece] = []
    /// 1 is unigram, 2 is byte pair encoding.
    var algorithm = 1
    var unknown = 0
    var byteFallback = false
    var characterMap: [UInt8] = []

    init(_ bytes: [UInt8], file: String) throws(ModelError) {
        try bytes.withUnsafeBufferPointer { (bytes) throws(ModelError) in
            try Self.fields(UnsafeRawBufferPointer(bytes), file) { (field, value) throws(ModelError) in
                switch (field, value) {
                case (1, .bytes(let piece)):
                    guard pieces.count < Self.piecesMax else {
                        throw ModelError(.malformedFile, file: file, "it has more than \(Self.piecesMax) pieces")
                    }
                    pieces.append(try Self.piece(piece, file))
                case (2, .bytes(let trainer)):
                    try Self.fields(trainer, file) { (field, value) in
                        guard case .number(let number) = value else { return }
                        switch field {
                        case 3: algorithm = Int(truncatingIfNeeded: number)
                        case 35: byteFallback = number != 0
                        case 40: unknown = Int(Int32(truncatingIfNeeded: number))
                        default: break
                        }
                    }
                case (3, .bytes(let normalizer)):
                    try Self.fields(normalizer, file) { (field, value) in
                        if field == 2, case .bytes(let map) = value { characterMap = Array(map) }
                    }
                default: break
                }
            }
        }
        guard !pieces.isEmpty else {
            throw ModelError(
                .malformedFile, file: file, "not a SentencePiece model: it has no pieces",
                remedy: "fetch it again; a small file may be a Git LFS pointer")
        }
    }

    private enum Value {
        case number(UInt64)
        case float(Float)
        case bytes(UnsafeRawBufferPointer)
    }

    private static func piece(_ bytes: UnsafeRawBufferPointer, _ file: String) throws(ModelError) -> Piece {
        var piece = Piece(text: "", score: 0, kind: 1)
        try fields(bytes, file) { (field, value) throws(ModelError) in
            switch (field, value) {
            case (1, .bytes(let text)):
                guard let text = String(validating: text, as: UTF8.self) else {
                    throw ModelError(.malformedFile, file: file, "a piece is not UTF-8")
                }
                piece.text = text
            case (2, .float(let score)):
                guard score.isFinite else {
                    throw ModelError(.malformedFile, file: file, "a piece's score is not a finite number")
                }
                piece.score = score
            case (3, .number(let kind)): piece.kind = Int(truncatingIfNeeded: kind)
            default: break
            }
        }
        return piece
    }

    /// Calls `body` with each field of a message.
    private static func fields(
        _ bytes: UnsafeRawBufferPointer, _ file: String, _ body: (Int, Value) throws(ModelError) -> Void
    ) throws(ModelError) {
        var cursor = ByteCursor(bytes, file: file)
        while cursor.position < bytes.count {
            let key = try varint(&cursor)
            let field = Int(truncatingIfNeeded: key >> 3)
            switch key & 7 {
            case 0: try body(field, .number(try varint(&cursor)))
            case 1: _ = try cursor.range(of: 8)
            case 2:
                let count = Int(exactly: try varint(&cursor)) ?? Int.max
                let range = try cursor.range(of: count)
                try body(field, .bytes(UnsafeRawBufferPointer(rebasing: bytes[range])))
            case 5: try body(field, .float(Float(bitPattern: try cursor.integer(UInt32.self))))
            default:
                throw cursor.failure("not a SentencePiece model: a field of an unknown type", remedy: "fetch it again")
            }
        }
    }

    private static func varint(_ cursor: inout ByteCursor) throws(ModelError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            let byte = try cursor.byte()
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw cursor.failure("not a SentencePiece model: a number of too many bytes", remedy: "fetch it again")
    }
}
