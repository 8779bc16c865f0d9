package import Tensors

/// A tokenizer in a packed file, ready to be used where it lies.
package struct PackedTokenizer: Sendable {
    /// The tokens of a side, as `Text.Vocabulary` keeps them, in the order of their ids.
    package struct Tokens: Sendable {
        /// One after the other, in UTF-8.
        package var bytes: Block<UInt8>
        /// Where each ends.
        package var ends: Block<Int32>
        package var ids: Block<Int32>
        /// The hash table by which tokens are found.
        package var slots: Block<Int32>

        package init(bytes: Block<UInt8>, ends: Block<Int32>, ids: Block<Int32>, slots: Block<Int32>) {
            self.bytes = bytes
            self.ends = ends
            self.ids = ids
            self.slots = slots
        }
    }

    /// A SentencePiece model, and the vocabulary's id of each of its pieces.
    package struct Pieces: Sendable {
        package var model: Block<UInt8>
        package var ids: Block<Int32>

        package init(model: Block<UInt8>, ids: Block<Int32>) {
            self.model = model
            self.ids = ids
        }
    }

    package var source: Tokens
    /// Nil when both sides have the source's.
    package var target: Tokens?
    /// Both or neither.
    package var sourcePieces: Pieces?
    package var targetPieces: Pieces?

    package init(source: Tokens, target: Tokens?, sourcePieces: Pieces?, targetPieces: Pieces?) {
        self.source = source
        self.target = target
        self.sourcePieces = sourcePieces
        self.targetPieces = targetPieces
    }

    init(_ file: SafeTensorsFile) throws(ModelError) {
        source = try Self.tokens("source", file)
        target = file.contains("target.tokens.bytes") ? try Self.tokens("target", file) : nil
        let hasPieces = file.contains("source.pieces.model") || file.contains("target.pieces.model")
        sourcePieces = hasPieces ? try Self.pieces("source", file) : nil
        targetPieces = hasPieces ? try Self.pieces("target", file) : nil
    }

    var tensors: [SafeTensorsWriter.Tensor] {
        func tensors(_ side: String, _ tokens: Tokens?) -> [SafeTensorsWriter.Tensor] {
            guard let tokens else { return [] }
            return [
                .init("\(side).tokens.bytes", tokens.bytes), .init("\(side).tokens.ends", tokens.ends),
                .init("\(side).tokens.ids", tokens.ids), .init("\(side).tokens.slots", tokens.slots),
            ]
        }
        func tensors(_ side: String, _ pieces: Pieces?) -> [SafeTensorsWriter.Tensor] {
            guard let pieces else { return [] }
            return [.init("\(side).pieces.model", pieces.model), .init("\(side).pieces.ids", pieces.ids)]
        }
        return tensors("source", source) + tensors("target", target) + tensors("source", sourcePieces)
            + tensors("target", targetPieces)
    }

    private static func tokens(_ side: String, _ file: SafeTensorsFile) throws(ModelError) -> Tokens {
        let ids: Block<Int32> = try file.block("\(side).tokens.ids")
        return Tokens(
            bytes: try file.block("\(side).tokens.bytes"),
            ends: try file.block("\(side).tokens.ends", count: ids.count), ids: ids,
            slots: try file.block("\(side).tokens.slots"))
    }

    private static func pieces(_ side: String, _ file: SafeTensorsFile) throws(ModelError) -> Pieces {
        Pieces(model: try file.block("\(side).pieces.model"), ids: try file.block("\(side).pieces.ids"))
    }
}
