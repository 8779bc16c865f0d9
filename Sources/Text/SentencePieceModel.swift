internal import CSentencePiece

/// One `.spm` file: cuts text into pieces and puts pieces together again.
///
/// The class is `@unchecked Sendable` because the handle is written once, in `init`, and every call made with it is
/// one that CSentencePiece.h allows from any number of threads at once.
final class SentencePieceModel: @unchecked Sendable {
    /// A piece of a text.
    struct Piece: Equatable {
        /// The model's own id, which is not the vocabulary's.
        var id: Int
        /// The piece with `▁` for a space; for an unknown piece, the characters that the model does not know.
        var text: String
    }

    private let handle: OpaquePointer

    /// How many pieces the model has.
    let count: Int
    /// The piece that stands for unknown characters.
    let unknown: Int
    /// The file that the model came from, for messages.
    let name: String

    /// - Throws: `TextError.Code.damagedPieces`.
    init(_ bytes: some Collection<UInt8>, name: String) throws(TextError) {
        var message: UnsafeMutablePointer<CChar>?
        let contiguous = ContiguousArray(bytes)
        let loaded = contiguous.withUnsafeBytes { csp_load($0.baseAddress, $0.count, &message) }
        guard let loaded else {
            throw TextError(
                .damagedPieces, "\(name) is not a readable SentencePiece model: \(Self.take(message)); fetch it again")
        }
        handle = loaded
        count = Int(csp_size(loaded))
        unknown = Int(csp_unknown(loaded))
        self.name = name
    }

    deinit { csp_unload(handle) }

    /// The text of a piece that the model knows.
    func piece(_ id: Int) -> String {
        precondition((0..<count).contains(id), "piece \(id) of \(count)")
        var length = 0
        let bytes = csp_piece(handle, Int32(id), &length)
        return String(decoding: UnsafeRawBufferPointer(start: bytes, count: length), as: UTF8.self)
    }

    /// Calls `body` with the id of each piece of the text, and a closure that reads the piece's text when needed.
    func encode(_ text: Substring, _ body: (_ id: Int, _ text: () -> String) -> Void) throws(TextError) {
        var message: UnsafeMutablePointer<CChar>?
        var text = text
        let encoded = text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { csp_encode(handle, $0.baseAddress, $0.count, &message) }
        }
        guard let encoded else {
            throw TextError(.tokenization, "\(name): SentencePiece cannot encode a text: \(Self.take(message))")
        }
        defer { csp_free_pieces(encoded) }
        let pieces = encoded.pointee
        var start = 0
        for index in 0..<pieces.count {
            let range = start..<pieces.ends[index]
            start = range.upperBound
            body(Int(pieces.ids[index])) {
                String(
                    decoding: UnsafeRawBufferPointer(start: pieces.bytes + range.lowerBound, count: range.count),
                    as: UTF8.self)
            }
        }
    }

    /// The text of a list of pieces; a piece that the model does not know stands for itself.
    func decode(_ pieces: [String]) throws(TextError) -> String {
        var bytes: [UInt8] = []
        var ends: [Int] = []
        ends.reserveCapacity(pieces.count)
        for piece in pieces {
            bytes.append(contentsOf: piece.utf8)
            ends.append(bytes.count)
        }
        var message: UnsafeMutablePointer<CChar>?
        var length = 0
        let decoded = bytes.withUnsafeBufferPointer { utf8 in
            utf8.withMemoryRebound(to: CChar.self) {
                csp_decode(handle, $0.baseAddress, ends, ends.count, &length, &message)
            }
        }
        guard let decoded else {
            throw TextError(.tokenization, "\(name): SentencePiece cannot decode pieces: \(Self.take(message))")
        }
        defer { csp_release(decoded) }
        return String(decoding: UnsafeRawBufferPointer(start: decoded, count: length), as: UTF8.self)
    }

    private static func take(_ message: UnsafeMutablePointer<CChar>?) -> String {
        guard let message else { return "out of memory" }
        defer { csp_release(message) }
        return String(cString: message)
    }
}
